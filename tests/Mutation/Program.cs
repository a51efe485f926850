using Orchestrator.Mutation;

// Judges a report of Stryker.NET: every survivor must be explained, and every explanation must still be needed.
// usage: Mutation REPORT
if (args is not [var path])
{
    Console.Error.WriteLine("usage: Mutation REPORT, the path of a mutation-report.json");
    return 2;
}

var tested = Report.Read(path).Where(m => m.Tested).ToList();
var survivors = tested.Where(m => m.Survived).ToList();
var unexplained = survivors.Where(m => Explained.Find(m) is null).OrderBy(m => m.File, StringComparer.Ordinal).ThenBy(m => m.Line).ToList();
var files = tested.Select(m => m.File).ToHashSet();
var stale = Explained.All.Where(e => files.Contains(e.File) && !survivors.Any(m => Explained.Find(m) == e)).ToList();

foreach (var mutant in unexplained)
    Console.WriteLine(
        $"SURVIVED {mutant.File}:{mutant.Line}: {mutant.Original}  →  {(mutant.Changed.Length == 0 ? "(left out)" : mutant.Changed)}");
foreach (var entry in stale) Console.WriteLine($"not needed any more: {entry.File}: {entry.Original}  →  {entry.Changed}");
Console.WriteLine($"mutants_killed = {tested.Count - survivors.Count} mutants");
Console.WriteLine($"mutants_explained = {survivors.Count - unexplained.Count} mutants");
Console.WriteLine($"mutants_survived = {unexplained.Count} mutants");
return tested.Count > 0 && unexplained.Count == 0 && stale.Count == 0 ? 0 : 1;
