namespace Orchestrator.Testing;

/// <summary>Folders that tests leave behind.</summary>
public static class Folders
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Removes one with all that is in it, also where a process that is about to end still writes there.</summary>
    /// <exception cref="IOException">It could not be removed within 10 s.</exception>
    public static void Remove(string folder)
    {
        if (!SpinWait.SpinUntil(() => TryRemove(folder), Patience)) Directory.Delete(folder, recursive: true);
    }

    private static bool TryRemove(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
