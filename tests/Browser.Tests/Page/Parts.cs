using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Orchestrator.Browser.Tests.Page;

/// <summary>Parts of the page by role and name, as people and screen readers find them.</summary>
internal static class Parts
{
    /// <summary>For what takes its time in a cluster.</summary>
    public const float Patience = 30_000;

    public static LocatorAssertionsToBeVisibleOptions Patiently => new() { Timeout = Patience };

    /// <param name="name">A pattern: <c>^worker-a, lost</c>.</param>
    public static ILocator Region(this IPage page, string name) =>
        page.GetByRole(AriaRole.Region, new() { NameRegex = new Regex(name) });

    /// <inheritdoc cref="Region"/>
    public static ILocator Button(this IPage page, string name) =>
        page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex(name) });

    public static ILocator OpenDialog(this IPage page) => page.GetByRole(AriaRole.Dialog);

    public static ILocator Tab(this IPage page, string name) =>
        page.GetByRole(AriaRole.Navigation, new() { NameRegex = new Regex("^About ") }).GetByRole(AriaRole.Link, new() { Name = name });

    public static Task<IResponse?> Open(this IPage page, LivingCluster cluster, string path) => page.GoTo(new Uri(cluster.Url, path));

    /// <summary>
    /// Chromium gives up what it is loading when a network of the machine comes or goes, as those of containers do beside these tests.
    /// </summary>
    public static async Task<IResponse?> GoTo(this IPage page, Uri address)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await page.GotoAsync(address.ToString());
            }
            catch (PlaywrightException e) when (tries < 5 && e.Message.Contains("ERR_NETWORK_CHANGED", StringComparison.Ordinal))
            {
            }
        }
    }

    /// <summary>The plan is looked at, and done.</summary>
    public static async Task DoIt(this IPage page) =>
        await page.OpenDialog().GetByRole(AriaRole.Button, new() { Name = "Do it" }).ClickAsync(new() { Timeout = Patience });
}
