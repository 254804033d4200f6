# Versions, messages and waiting, for all parts of control-plane. Messages go to stderr; stdout is for results.

version_of() { awk -v module="$1" '$1 == module && $2 ~ /^v/ { print $2; exit }' "$here/go/go.mod"; }

KUBERNETES_VERSION=$(version_of k8s.io/kubernetes)
ETCD_VERSION=$(version_of go.etcd.io/etcd/server/v3)
GO_VERSION=$(awk '$1 == "go" { print $2; exit }' "$here/go/go.mod")
KUBERNETES_PROCESSES="etcd kube-apiserver kube-scheduler kube-controller-manager"
PROCESSES="$KUBERNETES_PROCESSES csr-approver"

say() { printf 'control-plane: %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

refuse() {
  say "$*"
  say "control-plane --help lists the commands and options"
  exit 2
}

require_tools() {
  local tool missing=()
  for tool in openssl curl flock setsid awk base64 sha256sum tar; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  ((${#missing[@]} == 0)) ||
    fail "missing: ${missing[*]}; on Debian or Ubuntu: apt-get install openssl curl util-linux gawk coreutils tar"
}

# with_progress LABEL DETAIL_COMMAND COMMAND...: run COMMAND in the background and say every 8 s that it still runs,
# with what DETAIL_COMMAND prints. Gives COMMAND's exit code; ends it when this script is ended.
with_progress() {
  local label=$1 detail=$2 begun=$SECONDS said=$SECONDS child code=0
  shift 2
  "$@" </dev/null &
  child=$!
  trap 'kill '"$child"' 2>/dev/null || true; exit 130' INT TERM HUP
  while kill -0 "$child" 2>/dev/null; do
    sleep 0.2
    if ((SECONDS - said >= 8)); then
      said=$SECONDS
      say "$label: $((SECONDS - begun)) s, $($detail)"
    fi
  done
  wait "$child" || code=$?
  trap - INT TERM HUP
  ((code != 0)) || say "$label: done after $((SECONDS - begun)) s"
  return "$code"
}
