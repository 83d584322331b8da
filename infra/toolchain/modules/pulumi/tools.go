//go:build tools

// Package tools pins what this module builds: see manifest.ts.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
