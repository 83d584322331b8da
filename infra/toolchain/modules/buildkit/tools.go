//go:build tools

// Package tools pins what this module builds: see manifest.ts.
package tools

import (
	_ "github.com/moby/buildkit/cmd/buildctl"
	_ "github.com/moby/buildkit/cmd/buildkitd"
)
