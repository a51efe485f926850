using System.Text;
using Dapr;
using Dapr.Client;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Orchestrator.Contracts.Content;
using Orchestrator.ControlPlane.Content;
using Orchestrator.ControlPlane.Dapr;

namespace Orchestrator.ControlPlane.Tests.Dapr;

/// <summary>Which value of a secret store of Dapr a reference means, and what is said where there is none.</summary>
public sealed class SecretStoresExamples
{
    private static readonly Dictionary<string, string> One = new() { ["password"] = "hunter2" };
    private static readonly Dictionary<string, string> Several = new() { ["user"] = "ann", ["password"] = "hunter2" };
    private static readonly Dictionary<string, string> OfItsName = new() { ["db"] = "hunter2", ["version"] = "3" };

    private readonly Mock<DaprClient> dapr = new(MockBehavior.Strict);

    [Fact]
    public async Task The_only_value_needs_no_field() => Assert.Equal("hunter2", await Read(One));

    [Fact]
    public async Task Of_several_the_field_says_which() => Assert.Equal("hunter2", await Read(Several, "password"));

    [Fact]
    public async Task Of_several_the_one_of_the_keys_own_name_needs_no_field() => Assert.Equal("hunter2", await Read(OfItsName));

    [Fact]
    public async Task Of_several_without_a_field_none_is_guessed_and_none_is_told() =>
        Assert.Equal("'db' of secret store vault has 2 values; 'field' says which", await Problem(Several));

    [Fact]
    public async Task A_field_that_is_not_there_is_named() =>
        Assert.Equal("'db' of secret store vault has no value 'token'", await Problem(One, "token"));

    [Fact]
    public async Task A_key_without_any_value_is_said_to_have_none() =>
        Assert.Equal("'db' of secret store vault has 0 values; 'field' says which", await Problem([]));

    public static TheoryData<Exception, string> Refusals => new()
    {
        { new DaprException("wrapped", new InvalidOperationException("failed finding secret store with key vault")), "failed finding" },
        { new DaprException("secret db not found"), "secret db not found" },
        { new DaprException("wrapped", new InvalidOperationException("access denied by policy")), "access denied by policy" },
        { new HttpRequestException("connection refused"), "connection refused" },
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task What_the_store_says_is_handed_on(Exception answer, string words)
    {
        Asking().ThrowsAsync(answer);
        var problem = await Assert.ThrowsAsync<ContentMissingException>(() => Stores.Read(new("vault", "db")));
        Assert.StartsWith("secret store vault does not tell 'db': ", problem.Message, StringComparison.Ordinal);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    private SecretStores Stores => new(dapr.Object, new FakeTimeProvider());

    private Moq.Language.Flow.ISetup<DaprClient, Task<Dictionary<string, string>>> Asking() => dapr.Setup(it => it.GetSecretAsync(
        "vault", "db", It.IsAny<IReadOnlyDictionary<string, string>>(), It.IsAny<CancellationToken>()));

    private async Task<string> Read(Dictionary<string, string> found, string? field = null)
    {
        Asking().ReturnsAsync(found);
        return Encoding.UTF8.GetString(await Stores.Read(new("vault", "db", field)));
    }

    private async Task<string> Problem(Dictionary<string, string> found, string? field = null) =>
        (await Assert.ThrowsAsync<ContentMissingException>(() => Read(found, field))).Message;
}
