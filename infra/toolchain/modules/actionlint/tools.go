//go:build tools

// Package tools pins what this module builds: see manifest.ts.
package tools

import _ "github.com/rhysd/actionlint/cmd/actionlint"
