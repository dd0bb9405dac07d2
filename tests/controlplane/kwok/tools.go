//go:build tools

// Package tools names the kwok command, which plays nodes and pods in the test control plane.
package tools

import (
	_ "sigs.k8s.io/kwok/cmd/kwok"
)
