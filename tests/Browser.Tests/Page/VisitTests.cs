using Microsoft.Playwright;
using Orchestrator.ControlPlane.Tests.Door;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Browser.Tests.Page;

/// <summary>Who comes in, and where a page goes when its master is gone.</summary>
public sealed class VisitTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncDisposable
{
    private const string Operator = "operator-0123456789abcdef";
    private const string Viewer = "viewer-0123456789abcdef";

    private readonly TokenFile tokens = new($"ada operator {Operator}", $"bob viewer {Viewer}");
    private readonly List<LivingCluster> clusters = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in clusters) await cluster.DisposeAsync();
        tokens.Dispose();
    }

    [Fact]
    public async Task Where_tokens_are_wanted_nothing_is_shown_without_one_and_a_viewer_is_offered_no_change()
    {
        var cluster = Start();
        var page = (await chromium.Open(cluster.Url)).Page;
        await SignIn(page, "nobody-has-this-one-0123");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nobody has this token", new() { Timeout = Parts.Patience });
        await Expect(page.Region("worker-a")).ToHaveCountAsync(0);
        await SignIn(page, Viewer);
        await Expect(page.GetByText("bob, viewer")).ToBeVisibleAsync(Parts.Patiently);
        await Expect(page.Region("^worker-a, ready")).ToBeVisibleAsync(Parts.Patiently);
        await page.Open(cluster, "/ui/services");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Services" })).ToBeVisibleAsync(Parts.Patiently);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Create…" })).ToHaveCountAsync(0);
        await page.Button("^Sign out$").ClickAsync();
        await Expect(page.GetByLabel("Token")).ToBeVisibleAsync(Parts.Patiently);
        await SignIn(page, Operator);
        await Expect(page.GetByText("ada, operator")).ToBeVisibleAsync(Parts.Patiently);
        await page.Open(cluster, "/ui/members");
        await Expect(page.Button("^Drain…$").First).ToBeVisibleAsync(Parts.Patiently);
    }

    [Fact]
    public async Task When_its_master_dies_the_page_goes_on_at_another_one_and_nobody_signs_in_anew()
    {
        var (first, second) = (Start(), Start("master-b"));
        first.Others["master-b"] = second.Url;
        var page = (await chromium.Open(new Uri(first.Url, "/ui/members"))).Page;
        await SignIn(page, Operator);
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("master-b", new() { Timeout = Parts.Patience });
        await Expect(page.GetByRole(AriaRole.Banner)).ToContainTextAsync("master-a");
        // The browser has learned of it a moment later.
        await page.WaitForFunctionAsync(
            "it => sessionStorage.getItem('orchestrator.masters')?.includes(it)", second.Url.Authority, new() { Timeout = Parts.Patience });

        await first.Kill();
        await Expect(page.GetByRole(AriaRole.Banner)).ToContainTextAsync("master-b", new() { Timeout = 2 * Parts.Patience });
        Assert.Equal(new Uri(second.Url, "/ui/members").ToString(), page.Url);
        await Expect(page.GetByText("ada, operator")).ToBeVisibleAsync(Parts.Patiently);
        Assert.Equal("", await page.EvaluateAsync<string>("window.name"));
    }

    private LivingCluster Start(string name = "master-a")
    {
        clusters.Add(LivingCluster.Start(("API_TOKENS", tokens.Path), ("MEMBER_NAME", name)));
        return clusters[^1];
    }

    private static async Task SignIn(IPage page, string token)
    {
        await page.GetByLabel("Token").FillAsync(token, new() { Timeout = Parts.Patience });
        await page.Button("^Sign in$").ClickAsync();
    }
}
