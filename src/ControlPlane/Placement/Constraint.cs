using System.Diagnostics.CodeAnalysis;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Placement;

/// <summary>
/// A rule over labels of workers: <c>zone == eu-1</c>, <c>disk != hdd</c>, <c>zone in (a, b)</c>, <c>gpu</c> (exists). The label
/// <c>worker</c> is the worker's name.
/// </summary>
internal sealed record Constraint
{
    private const string NameLabel = "worker";

    public required string Text { get; init; }
    public required string Label { get; init; }
    public required ConstraintKind Kind { get; init; }
    public string[] Values { get; init; } = [];

    /// <summary>A label that is missing is not equal to anything.</summary>
    public bool Holds(Worker worker)
    {
        var value = ValueOf(worker);
        return Kind switch
        {
            ConstraintKind.Exists => value is not null,
            ConstraintKind.NotEqual => value != Values[0],
            _ => value is not null && Values.AsSpan().Contains(value),
        };
    }

    /// <summary>What the rule saw on a worker: <c>zone is eu-2</c>.</summary>
    public string Saw(Worker worker) => ValueOf(worker) is { } value ? $"{Label} is {value}" : $"{Label} is not set";

    /// <summary>Reads a rule, or says what is wrong and where.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Constraint? constraint, [NotNullWhen(false)] out string? problem)
    {
        var reader = new Reader(text);
        constraint = null;
        var label = reader.Word();
        if (label.Length == 0) return Wrong("expected a label", reader, out problem);
        var exists = new Constraint { Text = text, Label = label, Kind = ConstraintKind.Exists };
        if (reader.AtEnd) return Right(exists, out constraint, out problem);

        if (KindOf(reader) is not { } kind) return Wrong("expected ==, != or in", reader, out problem);
        List<string> values = [];
        if (kind == ConstraintKind.In)
        {
            if (!reader.Take("(")) return Wrong("expected (", reader, out problem);
            do
            {
                var value = reader.Word();
                if (value.Length == 0) return Wrong("expected a value", reader, out problem);
                values.Add(value);
            }
            while (reader.Take(","));
            if (!reader.Take(")")) return Wrong("expected , or )", reader, out problem);
        }
        else
        {
            var value = reader.Word();
            if (value.Length == 0) return Wrong("expected a value", reader, out problem);
            values.Add(value);
        }

        return reader.AtEnd
            ? Right(exists with { Kind = kind, Values = [.. values] }, out constraint, out problem)
            : Wrong("expected the end", reader, out problem);
    }

    private static ConstraintKind? KindOf(Reader reader) =>
        reader.Take("==") ? ConstraintKind.Equal
        : reader.Take("!=") ? ConstraintKind.NotEqual
        : reader.TakeWord("in") ? ConstraintKind.In
        : null;

    private string? ValueOf(Worker worker) => worker.Labels[Label] ?? (Label == NameLabel ? worker.Name : null);

    private static bool Right(Constraint read, out Constraint? constraint, out string? problem)
    {
        (constraint, problem) = (read, null);
        return true;
    }

    private static bool Wrong(string expected, Reader reader, out string problem)
    {
        problem = $"{expected} at position {reader.Position + 1}";
        return false;
    }

    private sealed class Reader(string text)
    {
        public int Position { get; private set; }

        public bool AtEnd
        {
            get
            {
                while (Position < text.Length && text[Position] == ' ') Position++;
                return Position == text.Length;
            }
        }

        public string Word()
        {
            if (AtEnd) return "";
            var start = Position;
            while (Position < text.Length && IsOfWord(text[Position])) Position++;
            return text[start..Position];
        }

        private static bool IsOfWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':';

        public bool Take(string sign)
        {
            if (AtEnd || !text.AsSpan(Position).StartsWith(sign)) return false;
            Position += sign.Length;
            return true;
        }

        public bool TakeWord(string word)
        {
            var before = AtEnd ? text.Length : Position;
            if (Word() == word) return true;
            Position = before;
            return false;
        }
    }
}

internal enum ConstraintKind { Equal, NotEqual, In, Exists }
