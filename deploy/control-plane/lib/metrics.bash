# The real metrics-server, as a process beside the control plane and behind its aggregation layer. It reads kubelets as its
# service account, checks their certificates against the cluster's authority, and has the rights its manifest gives it.

METRICS_SERVER_VERSION=$(grep -om1 'sigs.k8s.io/metrics-server v[^ ]*' "$here/metrics-server/go.mod" | cut -d' ' -f2)
METRICS_SERVER_DEADLINE=60

# metrics_server_executable: print its path, after building it from its Go module where the cache lacks it.
metrics_server_executable() {
  local folder
  folder=$CACHE/metrics-server-$METRICS_SERVER_VERSION-$(cat "$here"/metrics-server/go.{mod,sum} | sha256sum | cut -c1-12)
  if [[ ! -x $folder/metrics-server ]]; then
    mkdir -p "$CACHE"
    (
      await_lock
      [[ -x $folder/metrics-server ]] || build_metrics_server "$folder"
    ) 9>"$CACHE/lock" || return
  fi
  printf '%s\n' "$folder/metrics-server"
}

build_metrics_server() {
  local work=$CACHE/build.$BASHPID
  say "builds metrics-server $METRICS_SERVER_VERSION from its Go module; the first time this takes minutes"
  mkdir -p "$work"
  SOURCES=$here/metrics-server build sigs.k8s.io/metrics-server/cmd/metrics-server "$work/metrics-server" || return
  mv "$work" "$1"
}

# cluster_metrics_server DIR [--flag ...]: comes back when the API server answers metrics.k8s.io.
cluster_metrics_server() {
  local dir host port name executable metrics_port address extra=() pki begun
  take_dir "$@"
  [[ -f $dir/env ]] || fail "$dir holds no control plane that was up"
  executable=$(metrics_server_executable) || fail "there is no metrics-server"
  begun=$SECONDS # the build has its own time
  lock_dir
  endpoint_of_env
  pki=$dir/pki
  address=$(address_of_host)
  certificate "$pki/metrics-server" "$pki/ca" serverAuth DNS:metrics-server.kube-system.svc metrics-server
  metrics_port=$(free_port)
  write_metrics_rights
  write_metrics_kubeconfig
  write_metrics_service
  stop_process "$dir" metrics-server
  name=$pki/metrics-server
  write_command "$executable" --kubeconfig="$name.kubeconfig" --authentication-kubeconfig="$name.kubeconfig" \
    --authorization-kubeconfig="$name.kubeconfig" --secure-port="$metrics_port" --tls-cert-file="$name.crt" \
    --tls-private-key-file="$name.key" --kubelet-certificate-authority="$pki/ca.crt" \
    --kubelet-preferred-address-types=InternalIP --kubelet-use-node-status-port --metric-resolution=10s \
    --kubelet-request-timeout=5s "${@:2}"
  start_process "$dir" metrics-server
  until exists /apis/metrics.k8s.io/v1beta1/nodes; do
    is_alive "$dir" metrics-server || { tail -n 15 "$dir/logs/metrics-server.log" >&2 && fail "metrics-server has ended"; }
    ((SECONDS - begun < METRICS_SERVER_DEADLINE)) || fail "the API server does not answer metrics.k8s.io; see $dir/logs"
    sleep 0.2
  done
  say "metrics-server $METRICS_SERVER_VERSION answers after $((SECONDS - begun)) s"
}

# address_of_host: the API server refuses endpoints on loopback.
address_of_host() {
  local address
  for address in $(hostname -I); do
    [[ $address == *:* ]] || { printf '%s\n' "$address" && return; }
  done
  fail "this host has no IPv4 address but loopback, by which the API server could reach metrics-server"
}

write_metrics_rights() {
  local account=system:serviceaccount:kube-system:metrics-server
  apply /api/v1/namespaces/kube-system/serviceaccounts/metrics-server '{
    "apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "metrics-server", "namespace": "kube-system"}}'
  apply /apis/rbac.authorization.k8s.io/v1/clusterroles/control-plane:metrics-server '{
    "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
    "metadata": {"name": "control-plane:metrics-server"},
    "rules": [
      {"apiGroups": [""], "resources": ["nodes/metrics"], "verbs": ["get"]},
      {"apiGroups": [""], "resources": ["pods", "nodes"], "verbs": ["get", "list", "watch"]}]}'
  cluster_role_binding control-plane:metrics-server control-plane:metrics-server User "$account"
  cluster_role_binding control-plane:metrics-server-reviews system:auth-delegator User "$account"
  apply /apis/rbac.authorization.k8s.io/v1/namespaces/kube-system/rolebindings/control-plane:metrics-server '{
    "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
    "metadata": {"name": "control-plane:metrics-server", "namespace": "kube-system"},
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "extension-apiserver-authentication-reader"},
    "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "'"$account"'"}]}'
}

# A token of the service account, as a pod of it would have.
write_metrics_kubeconfig() {
  local answer token
  answer=$(call POST /api/v1/namespaces/kube-system/serviceaccounts/metrics-server/token '{
    "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 604800}}' application/json) ||
    fail "cannot get a token for metrics-server: $answer"
  token=$(sed -n 's/.*"token": *"\([^"]*\)".*/\1/p' <<<"$answer")
  [[ -n $token ]] || fail "the API server gave no token for metrics-server"
  sed -e "s#^    client-certificate-data:.*#    token: $token#" -e '/client-key-data:/d' \
    "$dir/kubeconfig" >"$pki/metrics-server.kubeconfig"
}

write_metrics_service() {
  apply /api/v1/namespaces/kube-system/services/metrics-server '{
    "apiVersion": "v1", "kind": "Service", "metadata": {"name": "metrics-server", "namespace": "kube-system"},
    "spec": {"ports": [{"name": "https", "port": 443, "protocol": "TCP", "targetPort": '"$metrics_port"'}]}}'
  apply /apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices/metrics-server '{
    "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
    "metadata": {"name": "metrics-server", "namespace": "kube-system",
      "labels": {"kubernetes.io/service-name": "metrics-server", "endpointslice.kubernetes.io/managed-by": "control-plane"}},
    "addressType": "IPv4", "ports": [{"name": "https", "port": '"$metrics_port"', "protocol": "TCP"}],
    "endpoints": [{"addresses": ["'"$address"'"], "conditions": {"ready": true}}]}'
  apply /apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io '{
    "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": {"name": "v1beta1.metrics.k8s.io"},
    "spec": {"group": "metrics.k8s.io", "version": "v1beta1", "groupPriorityMinimum": 100, "versionPriority": 100,
      "caBundle": "'"$(base64 -w0 "$pki/ca.crt")"'",
      "service": {"namespace": "kube-system", "name": "metrics-server"}}}'
}
