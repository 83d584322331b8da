// Package codegen holds the schema metadata that the docker-build provider sets for the .NET SDK.
package codegen

// CSharpPackageInfo is the C# section of a Pulumi package schema.
type CSharpPackageInfo struct {
	RespectSchemaVersion bool              `json:"respectSchemaVersion,omitempty"`
	PackageReferences    map[string]string `json:"packageReferences,omitempty"`
}
