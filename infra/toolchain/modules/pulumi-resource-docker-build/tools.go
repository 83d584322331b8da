//go:build tools

// Package tools pins what this module builds: see manifest.ts.
package tools

import _ "github.com/pulumi/pulumi-docker-build/provider/cmd/pulumi-resource-docker-build"
