using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.Compose.Tests;

/// <summary>What comes of the kept folders is nothing that a master would refuse.</summary>
public sealed class ValidityTests
{
    [Theory, MemberData(nameof(GoldenTests.Folders), MemberType = typeof(GoldenTests))]
    public void A_master_finds_nothing_wrong_with_a_stack(string name)
    {
        if (GoldenTests.Translate(name).Stack is not { } stack) return;
        Assert.Equal("", string.Join("\n", stack.Services.SelectMany(it => SpecValidation.Problems(it.Value.Spec)
            .Select(problem => $"{it.Key}: {problem.Field}: {problem.Reason}"))));
    }
}
