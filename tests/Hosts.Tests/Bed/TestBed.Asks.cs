using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.Hosts.Histories;
using Orchestrator.Testing;

namespace Orchestrator.Hosts.Bed;

/// <summary>The client of the cluster. Whatever it asks and is answered goes into the history.</summary>
internal sealed partial class TestBed
{
    public Task<MemberList> Members() => Get<MemberList>("/members");

    public Task<ServiceList> Services() => Get<ServiceList>("/services?limit=500");

    public async Task<ServiceView> Service(string name, int master = 0)
    {
        var view = await Get<ServiceView>($"/services/{name}", master);
        if (!view.Stale) Record.Add(new Sight(Wall.Now, name, view.Epoch));
        return view;
    }

    /// <param name="atMostOne"><c>onLeaseLost: stop</c>.</param>
    public async Task<ServiceView> Create(string service, int instances, bool atMostOne = false, string restart = "always")
    {
        var change = await Ask(ChangeKind.Create, service, instances, atMostOne, restart: restart);
        Assert.True(change.Outcome == Outcome.Accepted, $"{change}\n{Tail()}");
        return await Runs(service, instances);
    }

    public Task<ServiceView> Runs(string service, int instances) => Eventually(() => Service(service),
        view => view.Observed && view.Running == instances && view.Instances.Count == instances, $"{instances} instances of {service} run");

    /// <summary>Waits until its one instance runs on another worker.</summary>
    public Task<ServiceView> RunsElsewhere(string service, string worker) => Eventually(() => Service(service),
        view => view.Running == 1 && view.Instances.All(i => i.Worker != worker), $"{service} runs elsewhere than on {worker}");

    /// <summary>Asks for a change, and when nobody knows what became of it asks again by its name until somebody does.</summary>
    /// <param name="name">Of the request; one of its own when none is given.</param>
    /// <param name="version">An environment variable of the containers: another one is an update.</param>
    /// <param name="image">Of a creation or a release.</param>
    public async Task<Change> Ask(
        ChangeKind kind, string service, int instances, bool atMostOne, int master = 0, int version = 1, string restart = "always",
        string? name = null, string image = Image)
    {
        var asked = Wall.Now;
        var deadline = asked + Patience;
        name ??= $"{Guid.NewGuid():N}";
        var body = kind switch
        {
            ChangeKind.Create => $$$"""
                {"image":"{{{image}}}","instances":{{{instances}}},"onLeaseLost":"{{{(atMostOne ? "stop" : "keep")}}}",
                 "env":{"VERSION":"{{{version}}}"},"restart":{"condition":"{{{restart}}}"},"stopGrace":"1s","update":{"monitor":"1s"}}
                """,
            ChangeKind.Update => $$$"""{"instances":{{{instances}}},"env":{"VERSION":"{{{version}}}"}}""",
            ChangeKind.Release => $$"""{"image":"{{image}}"}""",
            _ => null,
        };
        var (outcome, why) = (Outcome.Unknown, "");
        for (var turn = 0; outcome == Outcome.Unknown && Wall.Now < deadline; turn++)
        {
            if (turn > 0) await Wall.Wait(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
            (outcome, why) = await Answer(kind, service, body, (master + turn) % BedRunFile.ApiPorts.Length, name);
        }

        var change = new Change(asked, Wall.Now, service, kind, instances, atMostOne, outcome);
        Record.Add(change);
        if (kind == ChangeKind.Release) Record.Add(new Note(Wall.Now, $"the release is {image}"));
        if (outcome != Outcome.Accepted) Record.Add(new Note(Wall.Now, $"because: {why}"));
        return change;
    }

    private async Task<(Outcome Outcome, string Why)> Answer(ChangeKind kind, string service, string? body, int master, string name)
    {
        var method = kind switch
        {
            ChangeKind.Create or ChangeKind.Rollback => HttpMethod.Post, ChangeKind.Delete => HttpMethod.Delete, _ => HttpMethod.Put,
        };
        var path = kind == ChangeKind.Rollback ? $"/services/{service}/rollback" : $"/services/{service}";
        try
        {
            using var answer = await Send(method, path, body, master, name);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.IsSuccessStatusCode) return (Outcome.Accepted, "");
            var told = answer.StatusCode == HttpStatusCode.ServiceUnavailable ? (string?)JsonNode.Parse(text)?["outcome"] : "refused";
            return (told is "not-done" or "refused" ? Outcome.NotDone : Outcome.Unknown, $"{(int)answer.StatusCode} {text}");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return (Outcome.Unknown, e.Message);
        }
    }

    public Task<HttpResponseMessage> Send(HttpMethod method, string path, string? body = null, int master = 0, string? name = null)
    {
        var request = new HttpRequestMessage(method, $"http://localhost:{BedRunFile.ApiPorts[master]}{path}")
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (name is not null) request.Headers.Add("X-Request-Id", name);
        return http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Asks the masters in turn: one of them may be away.</summary>
    private async Task<T> Get<T>(string path, int? master = null)
    {
        try
        {
            return await GetFrom<T>(path, master ?? 0);
        }
        catch (Exception e) when (master is null && e is HttpRequestException or TaskCanceledException)
        {
            return await GetFrom<T>(path, 1);
        }
    }

    private async Task<T> GetFrom<T>(string path, int master)
    {
        using var answer = await Send(HttpMethod.Get, path, master: master);
        var body = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new HttpRequestException($"GET {path}: {(int)answer.StatusCode} {body}");
        return JsonSerializer.Deserialize<T>(body, ContractsJson.Options)!;
    }

    /// <summary>What the engines have of this cluster, ended ones too.</summary>
    public async Task<IReadOnlyList<Left>> Containers()
    {
        List<Left> all = [];
        foreach (var worker in BedRunFile.Workers)
        {
            var text = await Shell.Run("docker", "-H", $"unix://{EngineSocket(worker)}", "ps", "--all",
                "--filter", $"label=orchestrator.cluster={Name}", "--format",
                """{{.State}} {{.Label "orchestrator.instance"}} {{.Names}}""");
            // Without those that are only kept for looking at them.
            all.AddRange(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
                .Where(words => !words[2].EndsWith(".ended", StringComparison.Ordinal))
                .Select(words => new Left(worker, words[1], words[0] == "running")));
        }

        return all;
    }

    /// <summary>How long it takes from <c>control</c> to the worker and back: that of a connection to its agent.</summary>
    public async Task<TimeSpan> RoundTrip(string worker)
    {
        using var socket = await NamespaceSockets.New($"{Name}-control");
        var begin = Stopwatch.GetTimestamp();
        await socket.ConnectAsync(IPAddress.Loopback, BedRunFile.AppPort(Array.IndexOf(BedRunFile.Workers, worker)));
        return Stopwatch.GetElapsedTime(begin);
    }

    /// <summary>The wall clock of the worker's agent, by the last line that it has printed today.</summary>
    public DateTimeOffset ClockIn(string worker)
    {
        var line = Everything().Split('\n').Last(l => l.Contains(worker, StringComparison.Ordinal) && TimePrinted().Count(l) > 1);
        return Wall.Now.Date + TimeSpan.Parse(TimePrinted().Matches(line)[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\d\d:\d\d:\d\d\.\d{3}")]
    private static partial Regex TimePrinted();

    /// <summary>
    /// Waits until everything has come to rest, looks at it for a while, and answers the history with nothing broken in it.
    /// </summary>
    public async Task<History> Judge(TimeSpan? calm = null)
    {
        await AllReady();
        var rest = await Eventually(LookAtRest, rest => rest is not null, "everything comes to rest");
        var from = Wall.Now;
        await Wall.Wait(calm ?? TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Record.Add(new Calm(from, Wall.Now));
        var history = Record.Now with { Rest = rest };
        var broken = history.Broken();
        Assert.True(broken.Count == 0,
            $"{string.Join("\n", broken)}\n--- the story:\n{history.Story()}\n--- the applications printed:\n{Tail()}");
        return history;
    }

    /// <summary>How things are, when every service says that it is settled and the engines run exactly what it names.</summary>
    private async Task<Rest?> LookAtRest()
    {
        Dictionary<string, IReadOnlyList<string>> services = [];
        foreach (var line in (await Services()).Services)
        {
            var view = await Service(line.Name);
            if (view.State != ServiceState.Running || view.Running != view.Instances.Count) return null;
            services[line.Name] = [.. view.Instances.Select(i => i.Name)];
        }

        var containers = await Containers();
        // A worker that has just been heard again may not have told yet what ended meanwhile.
        return containers.Count == services.Values.Sum(i => i.Count) && containers.All(c => c.Runs) ? new Rest(services, containers) : null;
    }
}
