namespace Orchestrator.Cli.Output;

/// <summary>A column of a table.</summary>
/// <param name="IsWide">Whether only a wide table has it.</param>
internal sealed record Column<T>(string Title, Func<T, Cell> Value, bool IsWide = false);

/// <summary>How a kind of thing is shown.</summary>
/// <param name="Name">What <c>-o name</c> writes of one.</param>
internal sealed record View<T>(Func<T, string> Name, params IReadOnlyList<Column<T>> Columns)
{
    public IReadOnlyList<string> Titles(bool isWide) => [.. Shown(isWide).Select(it => it.Title)];

    public IReadOnlyList<Cell> Row(T item, bool isWide) => [.. Shown(isWide).Select(it => it.Value(item))];

    private IEnumerable<Column<T>> Shown(bool isWide) => Columns.Where(it => isWide || !it.IsWide);
}
