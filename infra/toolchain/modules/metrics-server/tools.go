//go:build tools

// Package tools pins what this module builds: see manifest.ts.
package tools

import _ "sigs.k8s.io/metrics-server/cmd/metrics-server"
