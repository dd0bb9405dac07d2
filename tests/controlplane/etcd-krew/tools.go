//go:build tools

// Package tools names the etcd and krew commands of the test control plane, and the modules that carry the CRDs.
package tools

import (
	_ "go.etcd.io/etcd/server/v3"
	_ "sigs.k8s.io/krew/cmd/krew"
	_ "sigs.k8s.io/krew/cmd/validate-krew-manifest"
)
