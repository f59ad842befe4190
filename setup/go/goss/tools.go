//go:build tools

// Package tools names the program that `go build` makes here: an exact version, checked by go.sum.
package tools

import _ "github.com/goss-org/goss/cmd/goss"
