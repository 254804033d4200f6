// One executable for a Kubernetes control plane: etcd, kube-apiserver, kube-scheduler, kube-controller-manager and
// csr-approver. The name it is called by picks the command, else its first argument does.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"dev.burstlet/control-plane/approver"
	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

// commands maps a name to a run of it. A run reads os.Args, whose first element is that name, and gives the exit code.
var commands = map[string]func() int{
	"etcd":                    func() int { etcdmain.Main(os.Args); return 0 },
	"kube-apiserver":          func() int { return run(apiserver.NewAPIServerCommand()) },
	"kube-scheduler":          func() int { return run(scheduler.NewSchedulerCommand()) },
	"kube-controller-manager": func() int { return run(controllermanager.NewControllerManagerCommand()) },
	"csr-approver":            approver.Main,
}

func run(command *cobra.Command) int { return cli.Run(command) }

func main() {
	if _, known := commands[filepath.Base(os.Args[0])]; !known && len(os.Args) > 1 {
		os.Args = os.Args[1:]
	}
	command, known := commands[filepath.Base(os.Args[0])]
	if !known {
		fmt.Fprintf(os.Stderr, "%s: no such command; one of %s, as the first argument or as the name of a link to this file\n",
			os.Args[0], strings.Join(names(), ", "))
		os.Exit(2)
	}
	os.Exit(command())
}

func names() []string {
	all := make([]string, 0, len(commands))
	for name := range commands {
		all = append(all, name)
	}
	sort.Strings(all)
	return all
}
