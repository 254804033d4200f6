# Where the executables come from: KUBEBUILDER_ASSETS, the cache, the release downloads, a build from Go modules.

CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/burstlet/control-plane/$KUBERNETES_VERSION
KUBERNETES_DOWNLOADS=${BURSTLET_KUBERNETES_DOWNLOADS:-https://dl.k8s.io/release}
ETCD_DOWNLOADS=${BURSTLET_ETCD_DOWNLOADS:-https://github.com/etcd-io/etcd/releases/download}

# provide_binaries: print the folder that holds the executables. One provisioning at a time per cache.
provide_binaries() {
  assets_folder && return
  cached_folder && return
  mkdir -p "$CACHE"
  (
    await_lock
    cached_folder && exit
    rm -rf "$CACHE"/build.*/ "$CACHE"/download.*/ # left by one that was killed
    download_release || build_from_modules || fail_without_binaries
    cached_folder || fail "internal error: provisioning left no complete folder in $CACHE"
  ) 9>"$CACHE/lock"
}

# complete FOLDER: whether FOLDER holds the four executables of Kubernetes, and those run.
complete() {
  local name
  for name in $KUBERNETES_PROCESSES; do
    [[ -x $1/$name ]] || return 1
  done
  "$1/etcd" --version >/dev/null 2>&1
}

assets_folder() {
  local folder=${KUBEBUILDER_ASSETS:-} version
  [[ -n $folder ]] || return 1
  if ! complete "$folder"; then
    say "KUBEBUILDER_ASSETS=$folder is passed over: it lacks one of $KUBERNETES_PROCESSES"
    return 1
  fi
  version=$("$folder/kube-apiserver" --version)
  [[ $version == "Kubernetes ${KUBERNETES_VERSION%.*}."* ]] ||
    say "KUBEBUILDER_ASSETS=$folder holds $version, not $KUBERNETES_VERSION; used all the same"
  printf '%s\n' "$folder"
}

# The built folder is named by its sources, so that a change of them is not answered with an old executable.
built_folder() {
  printf '%s/go-%s\n' "$CACHE" "$(cd "$here/go" && cat go.mod go.sum main.go approver/approver.go | sha256sum | cut -c1-12)"
}

released_folder() { printf '%s/release-etcd-%s\n' "$CACHE" "$ETCD_VERSION"; }

cached_folder() {
  local folder
  for folder in "$(built_folder)" "$(released_folder)"; do
    if complete "$folder"; then
      printf '%s\n' "$folder"
      return
    fi
  done
  return 1
}

# approver_executable BINARIES: print the csr-approver's path: that in BINARIES, in the cache, or built, which takes a
# minute at most. Fails where none can be had, which leaves requests to be approved by hand.
approver_executable() {
  local candidate
  for candidate in "$1" "$(built_folder)" "$(approver_folder)"; do
    if [[ -x $candidate/csr-approver ]]; then
      printf '%s\n' "$candidate/csr-approver"
      return
    fi
  done
  mkdir -p "$CACHE"
  (
    await_lock
    [[ -x $(approver_folder)/csr-approver ]] || build_approver
  ) 9>"$CACHE/lock" || return
  printf '%s\n' "$(approver_folder)/csr-approver"
}

approver_folder() {
  printf '%s/approver-%s\n' "$CACHE" "$(cd "$here/go" && cat go.mod go.sum approver/approver.go cmd/csr-approver/main.go | sha256sum | cut -c1-12)"
}

await_lock() {
  local begun=$SECONDS
  until flock -w 5 9; do
    say "another process provides the executables: waited $((SECONDS - begun)) s"
  done
}

# --- release downloads ---

download_release() {
  local arch target work
  arch=$(go_arch) || return 1
  say "asks $KUBERNETES_DOWNLOADS for $KUBERNETES_VERSION"
  if ! fetch "$KUBERNETES_DOWNLOADS/$KUBERNETES_VERSION/bin/linux/$arch/kube-apiserver.sha256" 8 >/dev/null 2>&1 ||
    ! fetch "$ETCD_DOWNLOADS/$ETCD_VERSION/SHA256SUMS" 8 >/dev/null 2>&1; then
    say "the release downloads cannot be reached"
    return 1
  fi
  target=$(released_folder)
  work=$(mktemp -d "$CACHE/download.XXXXXX")
  if with_progress "download of Kubernetes $KUBERNETES_VERSION and etcd $ETCD_VERSION" "size_of $work" \
    download_all "$arch" "$work"; then
    rm -rf "$target"
    mv "$work" "$target"
  else
    say "the release download failed"
    rm -rf "$work"
    return 1
  fi
}

go_arch() {
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) echo amd64 ;;
    Linux-aarch64) echo arm64 ;;
    Linux-ppc64le) echo ppc64le ;;
    Linux-s390x) echo s390x ;;
    *) return 1 ;;
  esac
}

fetch() { curl -fsSL --connect-timeout 3 --max-time "$2" "$1"; }

# A transfer that is slower than 10 kB/s for 20 s is given up, so that nothing waits for ever.
fetch_file() { curl -fsSL --connect-timeout 3 --speed-limit 10000 --speed-time 20 -o "$2" "$1"; }

size_of() { du -sh "$1" | awk '{ print $1 }'; }

# Called where a failing command must end it: 'set -e' does not reach here, so each step says so itself.
download_all() {
  local arch=$1 work=$2 name url archive=etcd-$ETCD_VERSION-linux-$1.tar.gz
  for name in kube-apiserver kube-scheduler kube-controller-manager; do
    url=$KUBERNETES_DOWNLOADS/$KUBERNETES_VERSION/bin/linux/$arch/$name
    fetch_file "$url" "$work/$name" || return
    verify "$work/$name" "$(fetch "$url.sha256" 20)" || return
  done
  fetch_file "$ETCD_DOWNLOADS/$ETCD_VERSION/$archive" "$work/$archive" || return
  verify "$work/$archive" "$(fetch "$ETCD_DOWNLOADS/$ETCD_VERSION/SHA256SUMS" 20 | awk -v f="$archive" '$2 == f { print $1 }')" || return
  tar -xzf "$work/$archive" -C "$work" --strip-components=1 --no-same-owner "${archive%.tar.gz}/etcd" || return
  rm "$work/$archive" || return
  chmod 755 "$work"/*
}

verify() {
  local expected=${2%% *} actual
  actual=$(sha256sum "$1" | awk '{ print $1 }')
  [[ -n $expected && $actual == "$expected" ]] && return
  say "${1##*/}: SHA-256 is $actual, its release says '$expected'"
  return 1
}

# --- build from Go modules ---

build_from_modules() {
  local name work=$CACHE/build.$BASHPID
  say "builds Kubernetes $KUBERNETES_VERSION and etcd $ETCD_VERSION from Go modules; the first time this takes" \
    "16 s of downloads (730 MB unpacked) and 5 minutes on two cores"
  mkdir -p "$work"
  build . "$work/control-plane" || return
  for name in $PROCESSES; do
    ln -s control-plane "$work/$name"
  done
  rm -rf "$(built_folder)"
  mv "$work" "$(built_folder)"
}

build_approver() {
  local work=$CACHE/build.$BASHPID
  say "builds the csr-approver from Go modules"
  mkdir -p "$work"
  build ./cmd/csr-approver "$work/csr-approver" || return
  mv "$work" "$(approver_folder)"
}

# build PACKAGE FILE: of the module in the folder SOURCES; by default the control plane's, which is told its version.
build() {
  local go log=$CACHE/build.log
  go=$(find_go) || return
  say "log: $log"
  with_progress build "build_detail $log" go_build "$go" "$1" "$2" "$log" && return
  rm -rf "${2%/*}"
  say "the build failed; the end of $log:"
  tail -n 15 "$log" >&2
  return 1
}

build_detail() { printf '%s packages compiled' "$(grep -c '^[a-z]' "$1" || true)"; }

# go_build GO PACKAGE FILE LOG
go_build() {
  local package flags="-s -w" version=${KUBERNETES_VERSION#v}
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    [[ -z ${SOURCES:-} ]] || break
    flags+=" -X $package.gitVersion=$KUBERNETES_VERSION -X $package.gitTreeState=clean"
    flags+=" -X $package.gitMajor=${version%%.*} -X $package.gitMinor=$(cut -d. -f2 <<<"$version")"
  done
  # exec: the progress loop's child is then the build itself, and ending that child ends the build. The lock is closed.
  cd "${SOURCES:-$here/go}" && exec 9>&- && CGO_ENABLED=0 GOWORK=off exec "$1" build -v -mod=readonly -buildvcs=false -trimpath \
    -ldflags "$flags" -o "$3" "$2" >"$4" 2>&1
}

find_go() {
  local go version
  for go in "$(command -v go || true)" /usr/local/go/bin/go /usr/lib/go/bin/go "$HOME/go/bin/go" /snap/bin/go; do
    [[ -n $go && -x $go ]] || continue
    version=$(cd / && GOTOOLCHAIN=local "$go" env GOVERSION) || continue
    if [[ $(printf '%s\n' "${version#go}" "$GO_VERSION" | sort -V | head -n 1) == "$GO_VERSION" ]]; then
      printf '%s\n' "$go"
      return
    fi
    say "$go is $version; Kubernetes $KUBERNETES_VERSION needs Go $GO_VERSION or newer"
  done
  say "no Go $GO_VERSION or newer found"
  return 1
}

fail_without_binaries() {
  say "there are no executables of a control plane, and none could be made. One of these helps:"
  say "  - a folder with $KUBERNETES_PROCESSES, named by KUBEBUILDER_ASSETS"
  say "  - a way to $KUBERNETES_DOWNLOADS and $ETCD_DOWNLOADS (https_proxy is obeyed)"
  say "  - Go $GO_VERSION or newer (https://go.dev/dl/) in PATH, and a way to a Go module proxy (GOPROXY)"
  exit 1
}
