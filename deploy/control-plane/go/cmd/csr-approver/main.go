// The csr-approver alone, for a control plane whose other executables come from a release.
package main

import (
	"os"

	"dev.burstlet/control-plane/approver"
)

func main() { os.Exit(approver.Main()) }
