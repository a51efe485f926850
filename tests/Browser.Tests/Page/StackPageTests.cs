using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Browser.Tests.Page;

public sealed class StackPageTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncDisposable
{
    private const string Compose = """
        services:
          web:
            image: web:${VERSION}
            ports: ["80"]
            depends_on: [db]
            restart: always
          db:
            image: db:1
            restart: always
        """;

    private readonly LivingCluster cluster = LivingCluster.Start();

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task A_pasted_compose_file_shows_its_waves_before_anything_is_done()
    {
        var page = (await chromium.Open(new Uri(cluster.Url, "/ui/deploy"))).Page;
        await page.GetByLabel("Name").FillAsync("shop", new() { Timeout = Parts.Patience });
        await page.GetByLabel("A compose file").FillAsync(Compose);
        await page.GetByLabel("Its variables").FillAsync("VERSION=7");
        await page.Button("^Show the plan$").ClickAsync();
        var first = page.OpenDialog().GetByRole(AriaRole.Listitem, new() { Name = "Wave 1" });
        await Expect(first).ToContainTextAsync("db", new() { Timeout = Parts.Patience });
        await Expect(page.OpenDialog().GetByRole(AriaRole.Listitem, new() { Name = "Wave 2" })).ToContainTextAsync("web");
        Assert.Null(await cluster.Client.Stacks.Find("shop", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_wrong_in_a_file_is_told_with_its_line()
    {
        var page = (await chromium.Open(new Uri(cluster.Url, "/ui/deploy"))).Page;
        await page.GetByLabel("A compose file").FillAsync("services:\n  web:\n    image: 7:\n", new() { Timeout = Parts.Patience });
        await page.Button("^Show the plan$").ClickAsync();
        await page.GetByLabel("A compose file").FillAsync("services:\n  web:\n    image: 7:\n", new() { Timeout = Parts.Patience });
    }
}
