using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Conformance.Apps;

/// <summary>
/// What the plain application answers and what it was asked, by the unique name in a request's path or body:
/// a test that chose a name owns every request that mentions it.
/// </summary>
public static partial class Script
{
    private static readonly ConcurrentDictionary<string, Func<Call, CancellationToken, Task<Reply>>> Answers = new();
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<Call>> Seen = new();

    public static void For(string name, Func<Call, CancellationToken, Task<Reply>> answer) => Answers[name] = answer;
    public static void For(string name, Func<Call, Reply> answer) => For(name, (call, _) => Task.FromResult(answer(call)));
    public static void For(string name, Reply reply) => For(name, _ => reply);

    /// <summary>Answers the first requests in this order, and the last reply for ever.</summary>
    public static void For(string name, params Reply[] inOrder)
    {
        var next = -1;
        For(name, _ => inOrder[Math.Min(Interlocked.Increment(ref next), inOrder.Length - 1)]);
    }

    public static IReadOnlyList<Call> Calls(string name) => Seen.TryGetValue(name, out var calls) ? [.. calls] : [];

    public static IReadOnlyList<Call> Calls(string name, string pathPart) =>
        [.. Calls(name).Where(call => call.Path.Contains(pathPart, StringComparison.Ordinal))];

    /// <summary>Waits for so many requests that mention the name, to a path with the given part.</summary>
    public static Task<IReadOnlyList<Call>> Received(string name, int count = 1, string pathPart = "", int withinSeconds = 15) =>
        Received(name, count, pathPart, TimeSpan.FromSeconds(withinSeconds));

    public static async Task<IReadOnlyList<Call>> Received(string name, int count, string pathPart, TimeSpan within)
    {
        await Eventually.Become(
            () => string.Join(" | ", Calls(name)), _ => Calls(name, pathPart).Count >= count, within,
            $"{count} requests with {name} to …{pathPart}…", TestContext.Current.CancellationToken);
        return Calls(name, pathPart);
    }

    public static async Task<Reply> Play(Call call, CancellationToken cancel)
    {
        Func<Call, CancellationToken, Task<Reply>>? answer = null;
        foreach (var name in NamesIn(call.Path + call.Query + call.Body + Decoded(call.Body)))
        {
            Seen.GetOrAdd(name, _ => new()).Enqueue(call);
            answer ??= Answers.GetValueOrDefault(name);
        }

        return answer is null ? new Reply() : await answer(call, cancel);
    }

    /// <summary>Who writes JSON may escape any character: <c>\u003cevent-…</c> is no name that begins with a c.</summary>
    public static IEnumerable<string> NamesIn(string text) =>
        Names().Matches(Escaped().Replace(text, one => $"{(char)int.Parse(one.Groups[1].ValueSpan, NumberStyles.HexNumber)}"))
            .Select(match => match.Value).Distinct();

    private static string Decoded(string body) =>
        Base64().Match(body) is { Success: true } match ? Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups[1].Value)) : "";

    [GeneratedRegex("\"data_base64\":\"([^\"]*)\"")]
    private static partial Regex Base64();

    [GeneratedRegex(@"\\u([0-9a-fA-F]{4})")]
    private static partial Regex Escaped();

    /// <summary>What <see cref="World.Unique"/> makes.</summary>
    [GeneratedRegex("[a-z]+-[0-9a-f]{8}-[0-9]+")]
    private static partial Regex Names();
}
