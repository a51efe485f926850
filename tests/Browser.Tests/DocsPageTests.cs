using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Browser.Tests;

public sealed class DocsPageTests(LoopbackMaster master, Chromium chromium) : IClassFixture<LoopbackMaster>, IClassFixture<Chromium>
{
    [Fact]
    public async Task The_docs_show_the_API_and_need_no_other_host_for_it()
    {
        var docs = await chromium.Open(new Uri(master.Url, "/docs"));
        await Expect(docs.Page).ToHaveTitleAsync("Orchestrator");
        await Expect(docs.Page.GetByRole(AriaRole.Heading, new() { Name = "Orchestrator" }).First)
            .ToBeVisibleAsync(new() { Timeout = 30_000 });
        await docs.Page.GetByRole(AriaRole.Link, new() { Name = "Services", Exact = true }).ClickAsync();
        await Expect(docs.Page.GetByText("Create a service").First).ToBeVisibleAsync();
        await Expect(docs.Page.GetByText("Generate SDK")).ToHaveCountAsync(0);
        Assert.Equal([master.Url.Authority], docs.HostsAsked);
        Assert.Empty(docs.Complaints);
    }
}
