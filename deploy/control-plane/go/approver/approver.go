// Package approver approves requests for kubelets' serving certificates, which nothing in a cluster does by itself.
package approver

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	certificates "k8s.io/api/certificates/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/util/workqueue"
)

const nodePrefix = "system:node:"

// policy says which requests for a kubelet's serving certificate are approved.
type policy struct {
	// requestors may ask for any node's certificate; a node may always ask for its own.
	requestors []string
	// serviceCIDR holds the addresses that no node can have.
	serviceCIDR *net.IPNet
}

// Main approves kubelet-serving requests until it is told to end, by the flags in os.Args, and gives the exit code.
func Main() int {
	flags := flag.NewFlagSet("csr-approver", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "kubeconfig `file` of the approver's user")
	requestors := flags.String("requestors", "", "comma-separated `users` that may ask for any node's certificate")
	serviceCIDR := flags.String("service-cluster-ip-range", "10.96.0.0/16", "`CIDR` of the Services, refused as a node's address")
	_ = flags.Parse(os.Args[1:])
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := approve(ctx, *kubeconfig, *requestors, *serviceCIDR); err != nil {
		logf("error: %v", err)
		return 1
	}
	return 0
}

func approve(ctx context.Context, kubeconfig, requestors, serviceCIDR string) error {
	_, services, err := net.ParseCIDR(serviceCIDR)
	if err != nil {
		return fmt.Errorf("--service-cluster-ip-range: %w", err)
	}
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return fmt.Errorf("--kubeconfig %s: %w", kubeconfig, err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	rules := policy{serviceCIDR: services}
	if requestors != "" {
		rules.requestors = strings.Split(requestors, ",")
	}
	return rules.watch(ctx, client)
}

// watch hands each request to consider, again with back-off where the API server refused the approval.
func (p policy) watch(ctx context.Context, client kubernetes.Interface) error {
	queue := workqueue.NewTypedRateLimitingQueue(
		workqueue.NewTypedItemExponentialFailureRateLimiter[string](200*time.Millisecond, 30*time.Second))
	factory := informers.NewSharedInformerFactory(client, 0)
	requests := factory.Certificates().V1().CertificateSigningRequests()
	enqueue := func(object any) { queue.Add(object.(*certificates.CertificateSigningRequest).Name) }
	if _, err := requests.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    enqueue,
		UpdateFunc: func(_, object any) { enqueue(object) },
	}); err != nil {
		return err
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	logf("approves requests of %s by a node itself and by %q", certificates.KubeletServingSignerName, p.requestors)
	go func() { <-ctx.Done(); queue.ShutDown() }()
	for {
		name, ended := queue.Get()
		if ended {
			return nil
		}
		csr, err := requests.Lister().Get(name)
		if err == nil {
			err = p.consider(ctx, client, csr)
		}
		if err == nil || errors.IsNotFound(err) {
			queue.Forget(name)
		} else {
			logf("%s: %v", name, err)
			queue.AddRateLimited(name)
		}
		queue.Done(name)
	}
}

// consider approves a pending kubelet-serving request that the policy allows and leaves any other one as it is: another
// approver, or a person, may know better.
func (p policy) consider(ctx context.Context, client kubernetes.Interface, csr *certificates.CertificateSigningRequest) error {
	if csr.Spec.SignerName != certificates.KubeletServingSignerName || len(csr.Status.Conditions) > 0 {
		return nil
	}
	if reason := p.refusal(csr); reason != "" {
		logf("%s by %s is left pending: %s", csr.Name, csr.Spec.Username, reason)
		return nil
	}
	approved := csr.DeepCopy()
	approved.Status.Conditions = append(approved.Status.Conditions, certificates.CertificateSigningRequestCondition{
		Type:           certificates.CertificateApproved,
		Status:         core.ConditionTrue,
		Reason:         "KubeletServing",
		Message:        "The requestor, subject, usages and names are those of a kubelet's serving certificate.",
		LastUpdateTime: meta.Now(),
	})
	_, err := client.CertificatesV1().CertificateSigningRequests().UpdateApproval(ctx, csr.Name, approved, meta.UpdateOptions{})
	if err == nil {
		logf("%s by %s is approved", csr.Name, csr.Spec.Username)
	}
	return err
}

// refusal is why the request is not approved, or "".
func (p policy) refusal(csr *certificates.CertificateSigningRequest) string {
	block, rest := pem.Decode(csr.Spec.Request)
	if block == nil || block.Type != "CERTIFICATE REQUEST" || len(strings.TrimSpace(string(rest))) > 0 {
		return "spec.request is not one PEM block CERTIFICATE REQUEST"
	}
	request, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		return fmt.Sprintf("spec.request: %v", err)
	}
	if err := request.CheckSignature(); err != nil {
		return fmt.Sprintf("spec.request: %v", err)
	}
	for _, reason := range []string{p.refusedSubject(csr, request), refusedUsages(csr.Spec.Usages), p.refusedNames(request)} {
		if reason != "" {
			return reason
		}
	}
	return ""
}

func (p policy) refusedSubject(csr *certificates.CertificateSigningRequest, request *x509.CertificateRequest) string {
	name := request.Subject.CommonName
	node, isNode := strings.CutPrefix(name, nodePrefix)
	if !isNode || len(validation.IsDNS1123Subdomain(node)) > 0 {
		return fmt.Sprintf("the subject's common name is %q, not %sNAME", name, nodePrefix)
	}
	if !slices.Equal(request.Subject.Organization, []string{"system:nodes"}) {
		return fmt.Sprintf("the subject's organizations are %q, not system:nodes alone", request.Subject.Organization)
	}
	itself := csr.Spec.Username == name && slices.Contains(csr.Spec.Groups, "system:nodes")
	if !itself && !slices.Contains(p.requestors, csr.Spec.Username) {
		return fmt.Sprintf("%q may not ask for the certificate of %s", csr.Spec.Username, name)
	}
	return ""
}

func refusedUsages(usages []certificates.KeyUsage) string {
	allowed := []certificates.KeyUsage{
		certificates.UsageServerAuth, certificates.UsageDigitalSignature, certificates.UsageKeyEncipherment,
	}
	for _, usage := range usages {
		if !slices.Contains(allowed, usage) {
			return fmt.Sprintf("usage %q is not a serving certificate's", usage)
		}
	}
	if !slices.Contains(usages, certificates.UsageServerAuth) || !slices.Contains(usages, certificates.UsageDigitalSignature) {
		return "usages lack server auth or digital signature"
	}
	return ""
}

// refusedNames keeps a node from being taken for the API server or for a Service.
func (p policy) refusedNames(request *x509.CertificateRequest) string {
	if len(request.EmailAddresses) > 0 || len(request.URIs) > 0 {
		return "e-mail addresses and URIs are not a kubelet's names"
	}
	if len(request.DNSNames) == 0 && len(request.IPAddresses) == 0 {
		return "neither DNS names nor IP addresses"
	}
	for _, name := range request.DNSNames {
		labels := strings.Split(name, ".")
		if len(validation.IsDNS1123Subdomain(name)) > 0 || name == "kubernetes" || strings.HasPrefix(name, "kubernetes.default") ||
			slices.Contains(labels, "svc") || strings.HasSuffix(name, "cluster.local") {
			return fmt.Sprintf("DNS name %q is not a node's", name)
		}
	}
	for _, ip := range request.IPAddresses {
		if ip.IsUnspecified() || ip.IsMulticast() || ip.Equal(net.IPv4bcast) || p.serviceCIDR.Contains(ip) {
			return fmt.Sprintf("IP address %s is not a node's", ip)
		}
	}
	return ""
}

func logf(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, "%s csr-approver: %s\n", time.Now().UTC().Format(time.RFC3339), fmt.Sprintf(format, arguments...))
}
