package approver

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"net"
	"net/url"
	"strings"
	"testing"

	certificates "k8s.io/api/certificates/v1"
)

func TestRefusal(t *testing.T) {
	node := pkix.Name{CommonName: "system:node:n1", Organization: []string{"system:nodes"}}
	names := x509.CertificateRequest{Subject: node, DNSNames: []string{"n1"}, IPAddresses: []net.IP{net.ParseIP("127.0.0.1")}}
	serving := []certificates.KeyUsage{certificates.UsageDigitalSignature, certificates.UsageServerAuth}
	with := func(change func(*x509.CertificateRequest)) x509.CertificateRequest {
		changed := names
		change(&changed)
		return changed
	}
	for name, test := range map[string]struct {
		user    string
		request x509.CertificateRequest
		usages  []certificates.KeyUsage
		refusal string
	}{
		"node for itself":         {"system:node:n1", names, serving, ""},
		"configured user":         {"system:serviceaccount:burstlet:burstlet", names, serving, ""},
		"with key encipherment":   {"system:node:n1", names, append(serving, certificates.UsageKeyEncipherment), ""},
		"another node":            {"system:node:n2", names, serving, "may not ask"},
		"another user":            {"jane", names, serving, "may not ask"},
		"client usage":            {"system:node:n1", names, append(serving, certificates.UsageClientAuth), "client auth"},
		"no server usage":         {"system:node:n1", names, serving[:1], "lack server auth"},
		"no node":                 {"system:node:n1", with(func(r *x509.CertificateRequest) { r.Subject.CommonName = "n1" }), serving, "common name"},
		"further organization":    {"system:node:n1", with(func(r *x509.CertificateRequest) { r.Subject.Organization = []string{"system:nodes", "system:masters"} }), serving, "organizations"},
		"no names":                {"system:node:n1", x509.CertificateRequest{Subject: node}, serving, "neither"},
		"a Service's name":        {"system:node:n1", with(func(r *x509.CertificateRequest) { r.DNSNames = []string{"web.shop.svc"} }), serving, "not a node's"},
		"the API server's name":   {"system:node:n1", with(func(r *x509.CertificateRequest) { r.DNSNames = []string{"kubernetes"} }), serving, "not a node's"},
		"wildcard":                {"system:node:n1", with(func(r *x509.CertificateRequest) { r.DNSNames = []string{"*.example"} }), serving, "not a node's"},
		"a Service's address":     {"system:node:n1", with(func(r *x509.CertificateRequest) { r.IPAddresses = []net.IP{net.ParseIP("10.96.0.1")} }), serving, "not a node's"},
		"the unspecified address": {"system:node:n1", with(func(r *x509.CertificateRequest) { r.IPAddresses = []net.IP{net.IPv6zero} }), serving, "not a node's"},
		"URI":                     {"system:node:n1", with(func(r *x509.CertificateRequest) { r.URIs = []*url.URL{{Scheme: "spiffe", Host: "n1"}} }), serving, "URIs"},
	} {
		t.Run(name, func(t *testing.T) {
			_, services, _ := net.ParseCIDR("10.96.0.0/16")
			rules := policy{requestors: []string{"system:serviceaccount:burstlet:burstlet"}, serviceCIDR: services}
			csr := certificates.CertificateSigningRequest{Spec: certificates.CertificateSigningRequestSpec{
				Username: test.user, Groups: []string{"system:nodes"}, Usages: test.usages, Request: signed(t, test.request),
			}}
			refusal := rules.refusal(&csr)
			if (test.refusal == "") != (refusal == "") || !strings.Contains(refusal, test.refusal) {
				t.Errorf("refusal is %q, not %q", refusal, test.refusal)
			}
		})
	}
}

func TestRefusalOfWhatIsNoRequest(t *testing.T) {
	for _, request := range []string{"", "text", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"} {
		csr := certificates.CertificateSigningRequest{Spec: certificates.CertificateSigningRequestSpec{Request: []byte(request)}}
		if refusal := (policy{}).refusal(&csr); !strings.Contains(refusal, "CERTIFICATE REQUEST") {
			t.Errorf("refusal of %q is %q", request, refusal)
		}
	}
}

func signed(t *testing.T, request x509.CertificateRequest) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &request, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
}
