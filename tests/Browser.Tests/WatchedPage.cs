using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Orchestrator.Browser.Tests;

/// <summary>A page, whom it asks, and what it complains of.</summary>
public sealed class WatchedPage
{
    private readonly ConcurrentQueue<Uri> requests = [];
    private readonly ConcurrentQueue<string> complaints = [];

    public WatchedPage(IPage page)
    {
        Page = page;
        page.Request += (_, request) => requests.Enqueue(new(request.Url));
        page.PageError += (_, error) => complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            // What its policy of contents forbids is complained of here, too.
            if (message.Type == "error") complaints.Enqueue($"{message.Text} ({message.Location})");
        };
    }

    public IPage Page { get; }

    public IReadOnlyCollection<string> Complaints => complaints;

    /// <summary>Those of the network alone: pages also "ask" for what they hold themselves.</summary>
    public IEnumerable<string> HostsAsked =>
        requests.Where(it => it.Scheme is not ("data" or "blob")).Select(it => it.Authority).Distinct(StringComparer.Ordinal);
}
