# A control plane in a folder: its settings, start, readiness, first objects and end.

UP_DEADLINE=120
SERVICE_CIDR=10.96.0.0/16

cluster_up() {
  local dir binaries approver begun
  take_dir "$@"
  shift
  read_options "$@"
  mkdir -p "$dir"/{pids,logs,commands,etcd}
  lock_dir
  if all_alive && answers_readyz; then
    [[ -z $given ]] || [[ $given == "$(cat "$dir/options")" ]] ||
      fail "$dir already runs with other options: '$(cat "$dir/options")'; control-plane down $dir comes first"
    watch_parent
    say "already up: $dir/kubeconfig"
    return
  fi
  stop_all
  binaries=$(provide_binaries)
  approver=$(approver_executable "$binaries") || say "there is no csr-approver, which needs Go $GO_VERSION to be built:" \
    "requests for kubelets' serving certificates wait for 'kubectl certificate approve NAME'"
  begun=$SECONDS
  settle_options
  trap 'abandon' EXIT
  trap 'exit 130' INT TERM HUP
  ensure_pki "$dir" "$(api_server_sans "$sans")"
  write_kubeconfigs
  write_commands
  start_process "$dir" etcd
  start_process "$dir" kube-apiserver
  await "the API server" answers_readyz
  write_objects
  start_process "$dir" kube-controller-manager
  start_process "$dir" kube-scheduler
  [[ ! -f $dir/commands/csr-approver ]] || start_process "$dir" csr-approver
  [[ ! -f $dir/commands/metrics-server ]] || start_process "$dir" metrics-server
  await "the scheduler" answers_health "$scheduler_port"
  await "the controller manager" answers_health "$controller_manager_port"
  await "the default service account" exists /api/v1/namespaces/default/serviceaccounts/default
  write_env
  trap - EXIT INT TERM HUP
  watch_parent
  say "up after $((SECONDS - begun)) s at https://$host:$port: $dir/kubeconfig"
}

# take_dir DIR ...: sets dir, absolute.
take_dir() {
  [[ -n ${1:-} && $1 != -* ]] || refuse "the first argument is the folder DIR"
  dir=$(realpath -m "$1")
  [[ $dir != *[[:space:]]* ]] || refuse "the folder's name may not hold blanks: $dir"
}

# --- options ---

# read_options: sets given, which is what of the options is kept in DIR/options, and parent, which is not.
read_options() {
  local name value
  given= parent=
  while (($# > 0)); do
    name=${1%%=*}
    case $name in
      --pods-reach-api)
        [[ $1 == "$name" ]] || refuse "$name takes no value"
        given+="$name=true "
        shift
        continue
        ;;
      --port | --bind | --advertise | --san | --cluster-cidr | --node-cidr-mask | --approve-for | --extra | --watch-parent) ;;
      *) refuse "no such option of up: $1" ;;
    esac
    if [[ $1 == *=* ]]; then
      value=${1#*=}
      shift
    else
      (($# > 1)) || refuse "$name needs a value"
      value=$2
      shift 2
    fi
    check_value "$name" "$value"
    if [[ $name == --watch-parent ]]; then
      parent=$value
    else
      given+="$name=$value "
    fi
  done
}

check_value() {
  local number='^[0-9]+$' address='^[0-9.]+$|^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$' cidr='^[0-9a-fA-F.:]+/[0-9]+$'
  [[ -n $2 && $2 != *[[:space:]]* ]] || refuse "$1 needs a value without blanks, not '$2'"
  case $1 in
    --port) [[ $2 =~ $number ]] && (($2 > 0 && $2 < 65536)) || refuse "$1 needs a port, 1 to 65535, not '$2'" ;;
    --watch-parent | --node-cidr-mask) [[ $2 =~ $number ]] || refuse "$1 needs a number, not '$2'" ;;
    --bind | --advertise) [[ $2 =~ $address ]] || refuse "$1 needs an IP address, not '$2'" ;;
    --cluster-cidr) [[ $2 =~ $cidr ]] || refuse "$1 needs ADDRESS/BITS, not '$2'" ;;
    --extra) [[ " $PROCESSES " == *" ${2%%=*} "* && $2 == *=--* ]] || refuse "$1 needs PROCESS=--flag of one of $PROCESSES, not '$2'" ;;
  esac
}

# settle_options: from the options given now or kept in DIR, and the ports kept in DIR while they are free.
settle_options() {
  local option value
  [[ -n $given || ! -f $dir/options ]] || given=$(cat "$dir/options")
  printf '%s' "$given" >"$dir/options"
  bind=127.0.0.1 advertise= sans= cluster_cidr= node_cidr_mask=24 approve_for=kubernetes-admin port= extra=()
  for option in $given; do
    value=${option#*=}
    case ${option%%=*} in
      --port) port=$value ;;
      --bind) bind=$value ;;
      --advertise) advertise=$value ;;
      --san) sans+=,$value ;;
      --pods-reach-api) bind=0.0.0.0 sans+=,$(hostname),$(hostname -I | tr -s ' ' ,) ;;
      --cluster-cidr) cluster_cidr=$value ;;
      --node-cidr-mask) node_cidr_mask=$value ;;
      --approve-for) approve_for=$value ;;
      --extra) extra+=("$value") ;;
    esac
  done
  case $bind in
    127.* | 0.0.0.0 | :: | ::1) ;;
    *) sans+=,$bind ;;
  esac
  [[ -z $advertise ]] || sans+=,$advertise
  # The endpoints of the Service 'kubernetes' may not be loopback, and the API server refuses to start where the host has
  # no other address: an address for documentation then stands there.
  if [[ -z $advertise ]] && ! awk '$2 == "00000000" { found = 1 } END { exit !found }' /proc/net/route; then
    advertise=192.0.2.1
  fi
  settle_ports
  host=127.0.0.1
  case $bind in
    127.* | 0.0.0.0 | ::) ;;
    *:*) host="[$bind]" ;;
    *) host=$bind ;;
  esac
}

settle_ports() {
  local wanted=$port
  port= etcd_port= etcd_peer_port= scheduler_port= controller_manager_port=
  [[ ! -f $dir/ports ]] || source "$dir/ports"
  [[ -z $wanted ]] || port=$wanted
  [[ -z $wanted ]] || ! port_in_use "$wanted" || fail "port $wanted is in use"
  for name in port etcd_port etcd_peer_port scheduler_port controller_manager_port; do
    if [[ -z ${!name} ]] || port_in_use "${!name}"; then
      printf -v "$name" %s "$(free_port "$port" "$etcd_port" "$etcd_peer_port" "$scheduler_port" "$controller_manager_port")"
    fi
  done
  for name in port etcd_port etcd_peer_port scheduler_port controller_manager_port; do
    printf '%s=%s\n' "$name" "${!name}"
  done >"$dir/ports"
}

# --- files ---

write_kubeconfigs() {
  local name
  for name in controller-manager scheduler csr-approver; do
    kubeconfig "$dir/pki/$name.kubeconfig" "$dir" "$dir/pki/$name" "https://$host:$port"
  done
  kubeconfig "$dir/kubeconfig" "$dir" "$dir/pki/admin" "https://$host:$port"
}

# write_command NAME ARGUMENT...: what is given by --extra comes last, so that it wins.
write_command() {
  local executable=$1 name=${1##*/} flag
  shift
  for flag in ${extra[@]+"${extra[@]}"}; do
    [[ $flag != "$name="* ]] || set -- "$@" "${flag#*=}"
  done
  printf '%s\n' "$executable" "$@" >"$dir/commands/$name"
}

write_commands() {
  local pki=$dir/pki
  write_command "$binaries/etcd" --name=control-plane --data-dir="$dir/etcd" --unsafe-no-fsync --log-level=warn \
    --listen-client-urls="https://127.0.0.1:$etcd_port" --advertise-client-urls="https://127.0.0.1:$etcd_port" \
    --listen-peer-urls="https://127.0.0.1:$etcd_peer_port" \
    --initial-advertise-peer-urls="https://127.0.0.1:$etcd_peer_port" \
    --initial-cluster="control-plane=https://127.0.0.1:$etcd_peer_port" \
    --cert-file="$pki/etcd.crt" --key-file="$pki/etcd.key" --trusted-ca-file="$pki/etcd-ca.crt" --client-cert-auth \
    --peer-cert-file="$pki/etcd.crt" --peer-key-file="$pki/etcd.key" --peer-trusted-ca-file="$pki/etcd-ca.crt" \
    --peer-client-cert-auth
  write_command "$binaries/kube-apiserver" --bind-address="$bind" --secure-port="$port" \
    ${advertise:+"--advertise-address=$advertise"} \
    --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt" \
    --etcd-servers="https://127.0.0.1:$etcd_port" --etcd-cafile="$pki/etcd-ca.crt" \
    --etcd-certfile="$pki/apiserver-etcd-client.crt" --etcd-keyfile="$pki/apiserver-etcd-client.key" \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true \
    --enable-bootstrap-token-auth=true --service-cluster-ip-range="$SERVICE_CIDR" \
    --service-account-issuer=https://kubernetes.default.svc.cluster.local \
    --service-account-key-file="$pki/sa.pub" --service-account-signing-key-file="$pki/sa.key" \
    --kubelet-client-certificate="$pki/apiserver-kubelet-client.crt" \
    --kubelet-client-key="$pki/apiserver-kubelet-client.key" --kubelet-certificate-authority="$pki/ca.crt" \
    --kubelet-preferred-address-types=InternalIP \
    --requestheader-client-ca-file="$pki/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy-client \
    --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
    --requestheader-extra-headers-prefix=X-Remote-Extra- --enable-aggregator-routing=true \
    --proxy-client-cert-file="$pki/front-proxy-client.crt" --proxy-client-key-file="$pki/front-proxy-client.key"
  local cidrs=(--allocate-node-cidrs=false)
  [[ -z $cluster_cidr ]] ||
    cidrs=(--allocate-node-cidrs=true --cluster-cidr="$cluster_cidr" --node-cidr-mask-size="$node_cidr_mask")
  write_command "$binaries/kube-controller-manager" $(delegated controller-manager "$controller_manager_port") "${cidrs[@]}" \
    --controllers='*,bootstrapsigner,tokencleaner' --use-service-account-credentials=true \
    --service-cluster-ip-range="$SERVICE_CIDR" --root-ca-file="$pki/ca.crt" \
    --kube-api-qps=200 --kube-api-burst=300 --flex-volume-plugin-dir="$dir/flexvolume" \
    --service-account-private-key-file="$pki/sa.key" \
    --cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key"
  write_command "$binaries/kube-scheduler" $(delegated scheduler "$scheduler_port")
  rm -f "$dir/commands/csr-approver"
  [[ -z $approver ]] || write_command "$approver" --kubeconfig="$pki/csr-approver.kubeconfig" \
    --requestors="$approve_for" --service-cluster-ip-range="$SERVICE_CIDR"
}

# The folder's name must not hold blanks, see take_dir.
delegated() {
  local pki=$dir/pki file=$dir/pki/$1.kubeconfig
  printf '%s\n' --kubeconfig="$file" --authentication-kubeconfig="$file" --authorization-kubeconfig="$file" \
    --client-ca-file="$pki/ca.crt" --requestheader-client-ca-file="$pki/front-proxy-ca.crt" \
    --bind-address=127.0.0.1 --secure-port="$2" --leader-elect=false
}

write_env() {
  local name
  {
    printf 'CONTROL_PLANE_DIR=%q\n' "$dir"
    printf 'KUBECONFIG=%q\n' "$dir/kubeconfig"
    printf 'BOOTSTRAP_KUBECONFIG=%q\n' "$dir/bootstrap.kubeconfig"
    printf 'API_SERVER=%q\n' "https://$host:$port"
    printf 'API_PORT=%q\n' "$port"
    printf 'API_BIND=%q\n' "$bind"
    printf 'CA_FILE=%q\n' "$dir/pki/ca.crt"
    printf 'CA_KEY_FILE=%q\n' "$dir/pki/ca.key"
    printf 'ADMIN_CERT_FILE=%q\n' "$dir/pki/admin.crt"
    printf 'ADMIN_KEY_FILE=%q\n' "$dir/pki/admin.key"
    printf 'SERVICE_CIDR=%q\n' "$SERVICE_CIDR"
    printf 'CLUSTER_CIDR=%q\n' "$cluster_cidr"
    printf 'KUBERNETES_VERSION=%q\n' "$(call GET /version | sed -n 's/.*"gitVersion": *"\([^"]*\)".*/\1/p')"
    printf 'BINARIES=%q\n' "$binaries"
    for name in $(configured_processes "$dir"); do
      printf '%s_PID=%q\n' "$(tr a-z- A-Z_ <<<"$name")" "$(process_id "$dir" "$name")"
    done
  } >"$dir/env.new"
  mv "$dir/env.new" "$dir/env"
}

# --- the API ---

# call METHOD PATH [JSON [TYPE]]: as administrator; prints the answer, fails on HTTP 400 and above.
call() {
  local body=()
  [[ -z ${3:-} ]] || body=(-H "Content-Type: ${4:-application/apply-patch+yaml}" --data-binary "$3")
  curl -sS --fail-with-body --noproxy '*' --connect-timeout 2 --max-time 10 --cacert "$dir/pki/ca.crt" \
    --cert "$dir/pki/admin.crt" --key "$dir/pki/admin.key" -X "$1" ${body[@]+"${body[@]}"} "https://$host:$port$2"
}

apply() {
  local answer
  answer=$(call PATCH "$1?fieldManager=control-plane&force=true" "$2") || fail "cannot write $1: $answer"
}

exists() { call GET "$1" >/dev/null 2>&1; }

answers_readyz() {
  [[ -n ${port:-} ]] || { [[ -f $dir/env ]] && endpoint_of_env; } || return 1
  [[ $(call GET /readyz 2>/dev/null) == ok ]]
}

endpoint_of_env() {
  local API_SERVER
  API_SERVER=$(sed -n 's/^API_SERVER=//p' "$dir/env")
  API_SERVER=${API_SERVER//\\/}
  host=${API_SERVER#https://} port=${API_SERVER##*:}
  host=${host%:*}
}

answers_health() {
  [[ $(curl -sk --noproxy '*' --max-time 5 "https://127.0.0.1:$1/healthz" 2>/dev/null) == ok ]]
}

# write_objects: what kubeadm's init also leaves for nodes: the API server may use their kubelet API, a bootstrap token's
# bearer gets a client certificate, a node renews its own; and the rights of the csr-approver.
write_objects() {
  cluster_role_binding control-plane:kubelet-api system:kubelet-api-admin User kube-apiserver-kubelet-client
  cluster_role_binding control-plane:node-bootstrap system:node-bootstrapper Group system:bootstrappers
  cluster_role_binding control-plane:node-client \
    system:certificates.k8s.io:certificatesigningrequests:nodeclient Group system:bootstrappers
  cluster_role_binding control-plane:node-client-rotation \
    system:certificates.k8s.io:certificatesigningrequests:selfnodeclient Group system:nodes
  apply /apis/rbac.authorization.k8s.io/v1/clusterroles/control-plane:csr-approver '{
    "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
    "metadata": {"name": "control-plane:csr-approver"},
    "rules": [
      {"apiGroups": ["certificates.k8s.io"], "resources": ["certificatesigningrequests"], "verbs": ["get", "list", "watch"]},
      {"apiGroups": ["certificates.k8s.io"], "resources": ["certificatesigningrequests/approval"], "verbs": ["update"]},
      {"apiGroups": ["certificates.k8s.io"], "resources": ["signers"], "verbs": ["approve"],
       "resourceNames": ["kubernetes.io/kubelet-serving"]}]}'
  cluster_role_binding control-plane:csr-approver control-plane:csr-approver User burstlet:csr-approver
  write_bootstrap_token
}

cluster_role_binding() {
  apply "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/$1" '{
    "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "'"$1"'"},
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "'"$2"'"},
    "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "'"$3"'", "name": "'"$4"'"}]}'
}

write_bootstrap_token() {
  local id secret
  [[ -f $dir/pki/bootstrap-token ]] || printf '%s.%s\n' "$(openssl rand -hex 3)" "$(openssl rand -hex 8)" >"$dir/pki/bootstrap-token"
  IFS=. read -r id secret <"$dir/pki/bootstrap-token"
  apply "/api/v1/namespaces/kube-system/secrets/bootstrap-token-$id" '{
    "apiVersion": "v1", "kind": "Secret", "type": "bootstrap.kubernetes.io/token",
    "metadata": {"name": "bootstrap-token-'"$id"'", "namespace": "kube-system"},
    "stringData": {"token-id": "'"$id"'", "token-secret": "'"$secret"'", "usage-bootstrap-authentication": "true",
      "usage-bootstrap-signing": "true"}}'
  sed -e "s#^    client-certificate-data:.*#    token: $id.$secret#" -e '/client-key-data:/d' \
    "$dir/kubeconfig" >"$dir/bootstrap.kubeconfig"
}

# --- waiting ---

# await WHAT CONDITION...: until CONDITION holds; fails when a started process ends or the deadline is over.
await() {
  local what=$1 name said=$SECONDS
  shift
  until "$@"; do
    for name in $(ls "$dir/pids"); do
      [[ $name == watchdog ]] || is_alive "$dir" "$name" || { culprit=$name && fail "$name has ended while waiting for $what"; }
    done
    if ((SECONDS - begun >= UP_DEADLINE)); then
      fail "$what is not ready after $UP_DEADLINE s"
    fi
    if ((SECONDS - said >= 5)); then
      said=$SECONDS
      say "waits for $what: $((SECONDS - begun)) s"
    fi
    sleep 0.1
  done
}

# abandon: on the way out of an up that did not succeed.
abandon() {
  local code=$? name
  set +e
  trap - EXIT
  trap '' INT TERM HUP
  if ((code != 130)); then
    for name in ${culprit:-$(ls "$dir/logs")}; do
      name=${name%.log}
      say "the end of $dir/logs/$name.log:"
      tail -n 15 "$dir/logs/$name.log" >&2 || true
    done
  fi
  stop_all
  exit "$code"
}

# --- all processes ---

all_alive() {
  local name names
  names=$(configured_processes "$dir")
  [[ -n $names ]] || return 1
  for name in $names; do
    is_alive "$dir" "$name" || return 1
  done
}

# stop_all: in the reverse order of their start. A watchdog that does this itself is not ended.
stop_all() {
  local name
  for name in watchdog metrics-server csr-approver kube-scheduler kube-controller-manager kube-apiserver etcd; do
    [[ $name == watchdog && $(process_id "$dir" watchdog) == "$$" ]] || stop_process "$dir" "$name"
  done
}

watch_parent() {
  [[ -n $parent ]] || return 0
  stop_process "$dir" watchdog
  printf '%s\n' "$self" watch "$dir" "$parent" >"$dir/commands/watchdog"
  start_process "$dir" watchdog
}

# cluster_watch DIR PID: the watchdog; ends everything when PID is gone.
cluster_watch() {
  local dir
  take_dir "$@"
  tail --pid="$2" -f /dev/null &
  trap 'kill '$!'; exit' TERM
  wait $!
  trap - TERM
  say "process $2 has ended"
  cluster_down "$dir"
  rm -f "$dir/pids/watchdog"
}

cluster_down() {
  local dir option delete= GRACE=$GRACE
  take_dir "$@"
  for option in "${@:2}"; do
    case $option in
      --delete) delete=true ;;
      --now) GRACE=0 ;;
      *) refuse "no such option of down: $option" ;;
    esac
  done
  if [[ ! -d $dir/pids ]]; then
    say "$dir is no control plane's folder: nothing to do"
    return
  fi
  lock_dir
  stop_all
  [[ -z $delete ]] || rm -rf "$dir"
  say "down: $dir"
}

# lock_dir: until this script ends.
lock_dir() {
  exec 8>"$dir/lock"
  flock -w 5 8 && return
  say "another control-plane works on $dir: waits"
  flock -w 150 8 || fail "another control-plane has held $dir/lock for 155 s"
}

cluster_status() {
  local dir name pid code=0
  take_dir "$@"
  [[ -d $dir/pids ]] || fail "$dir is no control plane's folder"
  for name in $(configured_processes "$dir"); do
    if is_alive "$dir" "$name"; then
      pid=$(process_id "$dir" "$name")
      printf '%-24s pid %-8s %4d MB\n' "$name" "$pid" "$(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$pid/status")"
    else
      printf '%-24s ended\n' "$name"
      code=1
    fi
  done
  return "$code"
}

# cluster_process start|stop DIR PROCESS [--now]
cluster_process() {
  local verb=$1 dir begun=$SECONDS GRACE=$GRACE
  shift
  take_dir "$@"
  [[ -f $dir/commands/${2:-none} ]] || refuse "the second argument is one of: $(configured_processes "$dir" | tr '\n' ' ')"
  case $verb${3:-} in
    stop--now) GRACE=0 ;;
    stop | start) ;;
    *) refuse "no such option of $verb: $3" ;;
  esac
  lock_dir
  "${verb}_process" "$dir" "$2"
  [[ $verb-$2 != start-kube-apiserver ]] || await "the API server" answers_readyz
}

# cluster_kubeconfig DIR FILE USER [GROUP ...]
cluster_kubeconfig() {
  local dir host port work
  take_dir "$@"
  (($# >= 3)) || refuse "kubeconfig needs DIR FILE USER [GROUP ...]"
  [[ -f $dir/env ]] || fail "$dir holds no control plane that was up"
  endpoint_of_env
  work=$(mktemp -d "$dir/pki/user.XXXXXX")
  certificate "$work/user" "$dir/pki/ca" clientAuth '' "${@:3}"
  kubeconfig "$2" "$dir" "$work/user" "https://$host:$port"
  rm -rf "$work"
}
