# Certificates and kubeconfigs, by openssl. Three authorities: the cluster's own, which also signs what the API server
# is asked to sign; the front proxy's, for the aggregation layer; and etcd's, so that no cluster identity opens etcd.

DAYS=3650

# ensure_pki DIR SANS: make what lacks in DIR/pki; the API server's certificate again whenever SANS changed.
ensure_pki() {
  local pki=$1/pki sans=$2
  mkdir -p "$pki"
  authority "$pki/ca" kubernetes-ca
  authority "$pki/front-proxy-ca" front-proxy-ca
  authority "$pki/etcd-ca" etcd-ca
  if [[ ! -f $pki/sa.key ]]; then
    new_key >"$pki/sa.key.new"
    openssl pkey -in "$pki/sa.key.new" -pubout -out "$pki/sa.pub"
    mv "$pki/sa.key.new" "$pki/sa.key"
  fi
  if [[ $(cat "$pki/apiserver.sans" 2>/dev/null) != "$sans" ]]; then
    rm -f "$pki/apiserver.crt"
    certificate "$pki/apiserver" "$pki/ca" serverAuth "$sans" kube-apiserver
    printf '%s\n' "$sans" >"$pki/apiserver.sans"
  fi
  certificate "$pki/etcd" "$pki/etcd-ca" serverAuth,clientAuth IP:127.0.0.1,DNS:localhost etcd
  certificate "$pki/apiserver-etcd-client" "$pki/etcd-ca" clientAuth '' kube-apiserver-etcd-client
  certificate "$pki/front-proxy-client" "$pki/front-proxy-ca" clientAuth '' front-proxy-client
  certificate "$pki/apiserver-kubelet-client" "$pki/ca" clientAuth '' kube-apiserver-kubelet-client
  certificate "$pki/admin" "$pki/ca" clientAuth '' kubernetes-admin system:masters
  certificate "$pki/controller-manager" "$pki/ca" clientAuth '' system:kube-controller-manager
  certificate "$pki/scheduler" "$pki/ca" clientAuth '' system:kube-scheduler
  certificate "$pki/csr-approver" "$pki/ca" clientAuth '' burstlet:csr-approver
}

# api_server_sans SANS: the names every API server has, and those given, each with its kind.
api_server_sans() {
  local name list=
  for name in 127.0.0.1 localhost kubernetes kubernetes.default kubernetes.default.svc \
    kubernetes.default.svc.cluster.local 10.96.0.1 ${1//,/ }; do
    if [[ $name == *:* || $name =~ ^[0-9]+(\.[0-9]+){3}$ ]]; then
      list+=,IP:$name
    else
      list+=,DNS:$name
    fi
  done
  printf '%s\n' "${list#,}"
}

new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256; }

# authority PATH NAME: a self-signed authority PATH.crt with its PATH.key.
authority() {
  [[ -f $1.crt ]] && return
  new_key >"$1.key"
  openssl req -x509 -new -key "$1.key" -subj "/CN=$2" -days "$DAYS" -out "$1.crt.new" \
    -addext keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign
  mv "$1.crt.new" "$1.crt"
}

# certificate PATH AUTHORITY USES SANS NAME [GROUP ...]: PATH.crt with PATH.key, signed by AUTHORITY.
certificate() {
  local path=$1 authority=$2 uses=$3 sans=$4 subject group extensions
  [[ -f $path.crt ]] && return
  subject=/CN=$(escaped "$5")
  for group in "${@:6}"; do
    subject+=/O=$(escaped "$group")
  done
  extensions="basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=$uses"
  [[ -z $sans ]] || extensions+="
subjectAltName=$sans"
  new_key >"$path.key"
  openssl req -new -key "$path.key" -subj "$subject" -out "$path.csr"
  openssl x509 -req -in "$path.csr" -CA "$authority.crt" -CAkey "$authority.key" -days "$DAYS" \
    -set_serial "0x$(openssl rand -hex 16)" -extfile <(printf '%s\n' "$extensions") -out "$path.crt.new" 2>/dev/null ||
    fail "cannot make the certificate $path.crt"
  rm "$path.csr"
  mv "$path.crt.new" "$path.crt"
}

escaped() { printf '%s' "$1" | sed 's#[/\\]#\\&#g'; }

# kubeconfig FILE DIR CERTIFICATE SERVER: with everything inside, so that FILE can be carried elsewhere.
kubeconfig() {
  local file=$1 pki=$2/pki certificate=$3 server=$4
  cat >"$file.new" <<YAML
apiVersion: v1
kind: Config
clusters:
- name: control-plane
  cluster:
    server: $server
    certificate-authority-data: $(base64 -w0 "$pki/ca.crt")
users:
- name: user
  user:
    client-certificate-data: $(base64 -w0 "$certificate.crt")
    client-key-data: $(base64 -w0 "$certificate.key")
contexts:
- name: control-plane
  context: {cluster: control-plane, user: user}
current-context: control-plane
YAML
  mv "$file.new" "$file"
}
