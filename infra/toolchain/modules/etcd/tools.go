//go:build tools

// Package tools pins what this module builds: see manifest.ts.
package tools

import _ "go.etcd.io/etcd/server/v3"
