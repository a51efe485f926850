using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Cluster.Benchmarks;

/// <summary>Many services that want no instances: what their records, their list and their waiting cost.</summary>
internal sealed class Services(HttpClient http, string image) : IAsyncDisposable
{
    private const int AtATime = 8;
    private const int Page = 500;

    private readonly List<string> names = [];

    /// <summary>Creates so many more, eight at once; answers how many a second.</summary>
    public async Task<double> Create(int count)
    {
        var added = Enumerable.Range(names.Count, count).Select(i => $"bench-idle-{i:0000}").ToList();
        names.AddRange(added);
        var watch = Stopwatch.StartNew();
        await EachOf(added, async (name, cancel) =>
        {
            using var answer = await http.PostAsJsonAsync($"/services/{name}", new { image, instances = 0 }, cancel);
            answer.EnsureSuccessStatusCode();
        });
        return count / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Milliseconds of each of so many requests for one service, one after the other.</summary>
    public async Task<List<double>> Get(int count)
    {
        List<double> took = [];
        for (var i = 0; i < count; i++) took.Add(await Time(new($"/services/{names[i * 7 % names.Count]}", UriKind.Relative)));
        return took;
    }

    /// <summary>Milliseconds of each page, so many times from the first to the last.</summary>
    public async Task<List<double>> List(int times)
    {
        List<double> took = [];
        for (var i = 0; i < times; i++)
        {
            string? after = "";
            var listed = 0;
            do
            {
                var watch = Stopwatch.StartNew();
                var body = await http.GetByteArrayAsync(new Uri($"/services?limit={Page}&after={after}", UriKind.Relative));
                took.Add(watch.Elapsed.TotalMilliseconds);
                var page = JsonNode.Parse(body)!;
                listed += page["services"]!.AsArray().Count;
                after = (string?)page["next"];
            }
            while (after is not null);

            if (listed < names.Count) throw new InvalidOperationException($"{listed} of {names.Count} are listed");
        }

        return took;
    }

    public async ValueTask DisposeAsync() => await EachOf(names, async (name, cancel) =>
    {
        using var answer = await http.DeleteAsync(new Uri($"/services/{name}", UriKind.Relative), cancel);
    });

    private async Task<double> Time(Uri path)
    {
        var watch = Stopwatch.StartNew();
        await http.GetByteArrayAsync(path);
        return watch.Elapsed.TotalMilliseconds;
    }

    private static Task EachOf(IEnumerable<string> names, Func<string, CancellationToken, ValueTask> act) =>
        Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, act);
}
