using Orchestrator.Compose.Answers;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Nodes;

/// <summary>What is found on the way, each thing once.</summary>
internal sealed class Notes
{
    private readonly List<ComposeProblem> problems = [];
    private readonly OrderedDictionary<(string Field, string Happens), (RemarkKind Kind, List<Place> Places)> remarks = [];

    public ValueList<ComposeProblem> Problems => InOrder(problems.Distinct(), it => it.At);

    public ValueList<Remark> Remarks => InOrder(remarks.Select(it => new Remark(
        it.Key.Field, it.Key.Happens, it.Value.Kind, InOrder(it.Value.Places.Distinct(), at => at))), it => it.Places[0]);

    public void Wrong(Place at, string reason) => problems.Add(new(at, reason));

    /// <summary>What is written cannot be done: this is what happens.</summary>
    public void Instead(string field, Place at, string happens) => Note(field, at, happens, RemarkKind.Instead);

    public void Warn(string field, Place at, string happens) => Note(field, at, happens, RemarkKind.Warning);

    private static ValueList<T> InOrder<T>(IEnumerable<T> items, Func<T, Place> at) =>
        items.OrderBy(it => at(it).File, StringComparer.Ordinal).ThenBy(it => at(it).Line).ToValueList();

    private void Note(string field, Place at, string happens, RemarkKind kind)
    {
        if (!remarks.TryGetValue((field, happens), out var known)) remarks.Add((field, happens), known = (kind, []));
        known.Places.Add(at);
    }
}

/// <summary>Nothing can be read any further.</summary>
internal sealed class ComposeFault(Place at, string reason) : Exception(reason)
{
    public Place At => at;
}
