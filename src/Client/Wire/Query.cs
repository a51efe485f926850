using System.Collections;
using System.Globalization;
using System.Text;

namespace Orchestrator.Client.Wire;

/// <summary>Parameters of a question; what is not given, or false, is left out.</summary>
internal sealed class Query : IEnumerable
{
    private readonly StringBuilder text = new();

    public void Add(string name, string? value)
    {
        if (value is not null) text.Append(text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
    }

    public void Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public void Add(string name, bool value) => Add(name, value ? "true" : null);

    public IEnumerator GetEnumerator() => throw new NotSupportedException("only for collection initializers");

    public override string ToString() => text.ToString();
}
