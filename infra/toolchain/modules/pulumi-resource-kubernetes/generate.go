//go:build ignore

// Writes the two files that main.go embeds, from the provider's module: its schema with the
// version set (the engine compares it with the plugin's), and its Terraform mapping as it is.
package main

import (
	"encoding/json"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const (
	module  = "github.com/pulumi/pulumi-kubernetes/provider/v4"
	version = "4.25.0"
)

func main() {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	check(err)
	folder := filepath.Join(strings.TrimSpace(string(out)), "cmd", "pulumi-resource-kubernetes")

	text, err := os.ReadFile(filepath.Join(folder, "schema.json"))
	check(err)
	var schema map[string]any
	check(json.Unmarshal(text, &schema))
	schema["version"] = version
	text, err = json.Marshal(schema)
	check(err)
	check(os.WriteFile("schema-embed.json", text, 0o644))

	text, err = os.ReadFile(filepath.Join(folder, "terraform-mapping.json"))
	check(err)
	check(os.WriteFile("terraform-mapping-embed.json", text, 0o644))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
