//go:build tools

// Package tools pins what this module builds: see manifest.ts.
package tools

import _ "helm.sh/helm/v3/cmd/helm"
