using System.Text.Json;
using LocalDapr.Components;

namespace LocalDapr.Secrets;

/// <summary>The two local secret stores: environment variables, and a JSON file.</summary>
internal abstract class SecretStore
{
    /// <exception cref="ResourceException">The file cannot be read.</exception>
    public static SecretStore Open(Component component) => component.Type == "secretstores.local.env"
        ? new EnvironmentSecrets(component.Metadata.GetValueOrDefault("prefix", ""))
        : new FileSecrets(component);

    /// <inheritdoc cref="ReadSecret"/>
    public static IReadOnlyDictionary<string, string>? Read(Component component, string name) => Open(component).Get(name);

    /// <summary>The parts of one secret; null when there is none.</summary>
    public abstract IReadOnlyDictionary<string, string>? Get(string name);

    public abstract IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> All();

    private sealed class EnvironmentSecrets(string prefix) : SecretStore
    {
        /// <summary>Names that begin with DAPR_ are Dapr's own and told to nobody.</summary>
        public override IReadOnlyDictionary<string, string> Get(string name) => new Dictionary<string, string>
        {
            [name] = IsOwn(name) ? "" : Environment.GetEnvironmentVariable(prefix + name) ?? "",
        };

        public override IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> All() =>
            Environment.GetEnvironmentVariables().Keys.Cast<string>()
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && !IsOwn(name[prefix.Length..]))
                .ToDictionary(name => name[prefix.Length..], name => (IReadOnlyDictionary<string, string>)Get(name[prefix.Length..]));

        private bool IsOwn(string name) =>
            (prefix + name).StartsWith("DAPR_", StringComparison.OrdinalIgnoreCase) || prefix + name == "APP_API_TOKEN";
    }

    private sealed class FileSecrets : SecretStore
    {
        private readonly Dictionary<string, IReadOnlyDictionary<string, string>> secrets = [];

        public FileSecrets(Component component)
        {
            string file = component.Metadata.GetValueOrDefault("secretsFile")
                ?? throw new ResourceException(component.File ?? component.Name, "secretsFile is missing");
            string separator = component.Metadata.GetValueOrDefault("nestedSeparator", ":");
            bool multi = component.Flag("multiValued");
            try
            {
                using var json = JsonDocument.Parse(File.ReadAllText(file));
                foreach (var field in json.RootElement.EnumerateObject())
                {
                    if (multi && field.Value.ValueKind == JsonValueKind.Object)
                        secrets[field.Name] = field.Value.EnumerateObject().ToDictionary(f => f.Name, f => Text(f.Value));
                    else Flatten(field.Name, field.Value, separator);
                }
            }
            catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
            {
                throw new ResourceException(component.File ?? component.Name, $"the secrets file {file} cannot be read: {e.Message}");
            }
        }

        public override IReadOnlyDictionary<string, string>? Get(string name) => secrets.GetValueOrDefault(name);

        public override IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> All() => secrets;

        private void Flatten(string name, JsonElement value, string separator)
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                foreach (var field in value.EnumerateObject()) Flatten(name + separator + field.Name, field.Value, separator);
                return;
            }

            if (value.ValueKind == JsonValueKind.Array)
            {
                int place = 0;
                foreach (var item in value.EnumerateArray()) Flatten($"{name}{separator}{place++}", item, separator);
                return;
            }

            secrets[name] = new Dictionary<string, string> { [name] = Text(value) };
        }

        private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
    }
}
