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

    /// <summary>The plan is looked at, and done.</summary>
    public static async Task DoIt(this IPage page) =>
        await page.OpenDialog().GetByRole(AriaRole.Button, new() { Name = "Do it" }).ClickAsync(new() { Timeout = Patience });
}
