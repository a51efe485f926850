using Microsoft.Net.Http.Headers;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Which of several forms of an answer a caller accepts (RFC 9110).</summary>
internal static class Accepted
{
    /// <summary>The one that is accepted best, the first of those that are alike; none when none is.</summary>
    public static string? FirstOf(HttpRequest request, params string[] forms)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted) || accepted.Count == 0) return forms[0];
        return forms.Select(form => (Form: form, Quality: Quality(form, accepted))).Where(it => it.Quality > 0)
            .OrderByDescending(it => it.Quality).Select(it => it.Form).FirstOrDefault();
    }

    /// <summary>The most exact range that holds the form says how much it is wanted.</summary>
    private static double Quality(string form, IList<MediaTypeHeaderValue> accepted)
    {
        var type = MediaTypeHeaderValue.Parse(form);
        var range = accepted.Where(it => type.IsSubsetOf(it)).OrderBy(it => it.MatchesAllTypes ? 2 : it.MatchesAllSubTypes ? 1 : 0)
            .FirstOrDefault();
        return range is null ? 0 : range.Quality ?? 1;
    }
}
