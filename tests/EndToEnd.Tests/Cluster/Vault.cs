namespace Orchestrator.EndToEnd.Cluster;

/// <summary>A secret store of Dapr, <c>vault</c>, that somebody else looks after: a file beside the cluster.</summary>
internal static class Vault
{
    /// <summary>The value <c>password</c> of the secret <c>db</c>.</summary>
    public const string Password = "kept-by-somebody-else";

    /// <returns>The folder with its component.</returns>
    public static string Write(string folder)
    {
        var vault = Directory.CreateDirectory(Path.Combine(folder, "vault")).FullName;
        var file = Path.Combine(folder, "vault.json");
        File.WriteAllText(file, $$"""{"db":{"user":"ann","password":"{{Password}}"} }""");
        File.WriteAllText(Path.Combine(vault, "vault.yaml"),
            $"""
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata:
              name: vault
            spec:
              type: secretstores.local.file
              version: v1
              metadata:
                - name: secretsFile
                  value: {file}
                - name: multiValued
                  value: "true"
            scopes:
              - control-plane
            """);
        return vault;
    }
}
