namespace Orchestrator.WorkerAgent.Machine;

/// <summary>Where a path of this machine leads when every link in it is followed.</summary>
internal static class RealPath
{
    /// <summary>As in the kernel; more of them are a circle.</summary>
    private const int MostLinks = 40;

    /// <summary>What is not there yet, or may not be looked at, is where the words say.</summary>
    /// <param name="path">From the root.</param>
    /// <returns>The root for links that go round in a circle.</returns>
    public static string Of(string path)
    {
        var (at, left, links) = ("/", new Stack<string>(), 0);
        Push(path);
        while (left.TryPop(out var part))
        {
            if (part == "..") at = Path.GetDirectoryName(at) ?? "/";
            else if (new FileInfo(Path.Combine(at, part)).LinkTarget is not { } target) at = Path.Combine(at, part);
            else
            {
                if (++links > MostLinks) return "/";
                if (target.StartsWith('/')) at = "/";
                Push(target);
            }
        }

        return at;

        void Push(string more)
        {
            foreach (var part in more.Split('/').Where(it => it is not ("" or ".")).Reverse()) left.Push(part);
        }
    }
}
