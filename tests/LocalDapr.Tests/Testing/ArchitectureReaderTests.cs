using Orchestrator.Testing;

namespace LocalDapr.Tests.Testing;

/// <summary>The reader behind every Imports_run_one_way, on made-up folders: it would be worth nothing if it overlooked a use.</summary>
public sealed class ArchitectureReaderTests
{
    private static readonly string[] UsersOfBelow =
    [
        "Above/AsArrayOfTypeArgument uses Below/Thing",
        "Above/AsAttribute uses Below/MarkAttribute",
        "Above/AsBase uses Below/Thing",
        "Above/AsConstraint`1 uses Below/Thing",
        "Above/AsEnumValue uses Below/Colour",
        "Above/AsField uses Below/Thing",
        "Above/AsNestedType uses Below/Thing",
        "Above/InAsyncMethod uses Below/Thing",
        "Above/InCatch uses Below/Trouble",
        "Above/InGenericCall uses Below/Thing",
        "Above/InIterator uses Below/Thing",
        "Above/InLambda uses Below/Thing",
        "Above/InMethodBody uses Below/Thing",
        "Above/InTypeof uses Below/Thing",
    ];

    private static readonly string[] Circle =
    [
        "./Begin uses One/First",
        "One/First uses Two/Second",
        "Two/Second uses ./Begin",
    ];

    [Fact]
    public void Every_way_to_use_a_type_is_seen_and_passing_a_thing_on_is_none() => Assert.Equal(
        UsersOfBelow,
        Uses("Examples").Where(use => use is { Folder: "Above", UsedFolder: "Below" }).Select(use => use.ToString()));

    [Fact]
    public void A_folder_below_the_root_has_the_whole_rest_of_the_namespace_as_its_name() =>
        Assert.Contains("Circle/Begin uses Circle.One/First", Uses("Examples").Select(use => use.ToString()));

    [Fact]
    public void A_circle_is_told_step_by_step() => Assert.Equal([string.Join(", ", Circle)], Architecture.Circles(Uses("Examples.Circle")));

    [Fact]
    public void What_runs_one_way_has_no_circle() =>
        Assert.Empty(Architecture.Circles([.. Uses("Examples").Where(use => !use.Folder.StartsWith("Circle", StringComparison.Ordinal))]));

    [Fact]
    public void Layers_name_who_goes_up_and_who_goes_sideways()
    {
        Assert.Equal(["Two/Second uses ./Begin"], Against(["Two"], ["One"], ["."]));
        Assert.Equal(["One/First uses Two/Second", "Two/Second uses ./Begin"], Against(["One", "Two"], ["."]));
    }

    [Fact]
    public void Layers_know_every_folder_and_no_other() =>
        Assert.Equal(["One is in no layer", "Gone is in a layer, but there is no such folder"], Against(["."], ["Two", "Gone"]).Take(2));

    private static IReadOnlyList<Use> Uses(string root) => Architecture.Uses(typeof(ArchitectureReaderTests).Assembly, root);

    private static IReadOnlyList<string> Against(params string[][] layers) =>
        Architecture.AgainstTheDirection(typeof(ArchitectureReaderTests).Assembly, "Examples.Circle", layers);
}
