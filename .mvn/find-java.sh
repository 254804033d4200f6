# Finds a JDK. To be sourced by POSIX shells: ./mvnw and bin/burstlet do.
#
#   find_java 25    sets JAVA_HOME to a JDK of at least that version and returns 0,
#                   or says on standard error what to install and returns 1.
#
# Order: JAVA_HOME, the java on PATH, then the places where packagers and version
# managers put JDKs. A JRE without javac is enough when FIND_JAVA_RUNTIME_ONLY is set.

# Prints the feature version (25 for 25.0.3) of the Java home $1, nothing if it is none.
java_feature_version() {
    [ -x "$1/bin/java" ] || return 0
    [ -n "${FIND_JAVA_RUNTIME_ONLY:-}" ] || [ -x "$1/bin/javac" ] || return 0
    if [ -r "$1/release" ]; then
        _version=$(sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$1/release")
    else
        _version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
    fi
    _version=${_version#1.}
    printf '%s' "${_version%%[!0-9]*}"
}

# Prints the Java home to which the java on PATH belongs.
java_home_on_path() {
    _java=$(command -v java 2>/dev/null) || return 0
    while [ -L "$_java" ]; do
        _link=$(readlink "$_java")
        case $_link in
            /*) _java=$_link ;;
            *) _java=$(dirname "$_java")/$_link ;;
        esac
    done
    (cd "$(dirname "$_java")/.." 2>/dev/null && pwd -P)
}

find_java() {
    _wanted=$1
    _seen=
    _oldifs=$IFS
    IFS='
'
    for _home in \
        ${JAVA_HOME:-} \
        $(java_home_on_path) \
        /usr/lib/jvm/* \
        "${SDKMAN_DIR:-${HOME:-}/.sdkman}"/candidates/java/* \
        /opt/* \
        /opt/*/* \
        "${HOME:-}"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
        _found=$(java_feature_version "$_home")
        [ -n "$_found" ] || continue
        if [ "$_found" -ge "$_wanted" ]; then
            IFS=$_oldifs
            JAVA_HOME=$_home
            export JAVA_HOME
            return 0
        fi
        _seen="$_seen
  $_home (Java $_found)"
    done
    IFS=$_oldifs
    {
        echo "No JDK $_wanted or newer was found."
        echo "Looked at JAVA_HOME, java on PATH, /usr/lib/jvm, ~/.sdkman, /opt, ~/.jdks and /Library/Java/JavaVirtualMachines."
        [ -z "$_seen" ] || echo "Too old:$_seen"
        echo "Install one and run again, for example:"
        echo "  Debian, Ubuntu    apt-get install openjdk-$_wanted-jdk-headless  (or temurin-$_wanted-jdk from https://adoptium.net/installation/linux)"
        echo "  Fedora, RHEL      dnf install java-$_wanted-openjdk-devel"
        echo "  macOS             brew install openjdk@$_wanted"
        echo "  anywhere          sdk install java $_wanted-tem  (https://sdkman.io)"
        echo "or set JAVA_HOME to one that is installed elsewhere."
    } >&2
    return 1
}
