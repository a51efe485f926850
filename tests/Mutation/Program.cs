using System.Diagnostics;
using Orchestrator.Mutation;

// Puts every mutant into one copy of the core, builds it once, and runs the tests of the core once for each mutant.
// usage: dotnet run -c Release --project tests/Mutation [NUMBER…]
var root = Root();
var tree = Path.Combine(root, "artifacts", "mutation");
var chosen = args.Select(int.Parse).ToHashSet();
Copy(root, tree);
Mutate(Path.Combine(tree, "src", "ControlPlane"));
if (Run("dotnet", $"build -c Release -v q -clp:ErrorsOnly -p:TreatWarningsAsErrors=false -p:RunAnalyzers=false {Path.Combine(tree, "tests", "ControlPlane.Tests")}", -1, tree) != 0)
    return Fail("the mutated tree does not build");
if (!Passes(-1, thorough: true)) return Fail("the tests fail without any mutant");

var (killed, equivalent) = (0, 0);
List<string> survived = [];
foreach (var (number, mutant) in Mutants.All.Index().Where(m => chosen.Count == 0 || chosen.Contains(m.Index)))
{
    var dead = !Passes(number, thorough: false) || !Passes(number, thorough: true);
    if (dead) killed++;
    else if (mutant.Equivalent is not null) equivalent++;
    else survived.Add($"{number}: {mutant.File}: {mutant.Original}  →  {mutant.Changed}");
    Console.WriteLine($"{(dead ? "killed  " : mutant.Equivalent is null ? "SURVIVED" : "same    ")} {number} {mutant.File}: {mutant.Original}  →  {(mutant.Changed.Length == 0 ? "(left out)" : mutant.Changed)}{(dead ? "" : $"  {mutant.Equivalent}")}");
}

Console.WriteLine($"mutants_killed = {killed} mutants");
Console.WriteLine($"mutants_equivalent = {equivalent} mutants");
Console.WriteLine($"mutants_survived = {survived.Count} mutants");
return survived.Count == 0 ? 0 : 1;

// Examples first, because they are quick; properties and lives only for what is still alive.
bool Passes(int number, bool thorough)
{
    var only = thorough ? "" : " -class- *ReconcilerProperties -class- *ClusterLife";
    var spaces = string.Concat(new[] { "Reconciliation", "Placement", "Services" }.Select(n => $" -namespace Orchestrator.ControlPlane.Tests.{n}"));
    return Run(Path.Combine(tree, "artifacts", "bin", "ControlPlane.Tests", "release", "ControlPlane.Tests"), $"-stopOnFail{spaces}{(thorough ? " -namespace Orchestrator.ControlPlane.Tests.Simulation" : only)}", number, tree) == 0;
}

static int Run(string program, string arguments, int mutant, string folder)
{
    var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
    start.Environment["ORCHESTRATOR_MUTANT"] = $"{mutant}";
    start.Environment["ORCHESTRATOR_WORLDS"] = "1500";
    start.Environment["ORCHESTRATOR_LIVES"] = "6";
    using var process = Process.Start(start)!;
    var output = new System.Text.StringBuilder();
    process.OutputDataReceived += (_, line) => output.AppendLine(line.Data);
    process.ErrorDataReceived += (_, line) => output.AppendLine(line.Data);
    process.BeginOutputReadLine();
    process.BeginErrorReadLine();
    // One that never ends is one that somebody would notice.
    if (!process.WaitForExit(TimeSpan.FromMinutes(4)))
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        return -1;
    }

    if (mutant < 0 && process.ExitCode != 0) Console.WriteLine(output);
    return process.ExitCode;
}

static void Mutate(string core)
{
    foreach (var file in Mutants.All.Index().GroupBy(m => m.Item.File))
    {
        var path = Path.Combine(core, file.Key);
        var text = File.ReadAllText(path);
        foreach (var (number, mutant) in file)
        {
            var at = text.IndexOf(mutant.Original, StringComparison.Ordinal);
            if (at < 0 || text.IndexOf(mutant.Original, at + 1, StringComparison.Ordinal) >= 0) throw new InvalidOperationException($"mutant {number}: '{mutant.Original}' must occur once in {file.Key}");
            text = text[..at] + mutant.Switched(number) + text[(at + mutant.Original.Length)..];
        }

        File.WriteAllText(path, text);
    }

    File.WriteAllText(Path.Combine(core, "Chosen.cs"), """
        namespace Orchestrator.Mutation;

        public static class Chosen
        {
            private static readonly int Number = int.Parse(System.Environment.GetEnvironmentVariable("ORCHESTRATOR_MUTANT") ?? "-1", System.Globalization.CultureInfo.InvariantCulture);

            public static bool Is(int number) => number == Number;
        }
        """);
}

static void Copy(string root, string tree)
{
    foreach (var part in new[] { "src", "tests" })
        if (Directory.Exists(Path.Combine(tree, part))) Directory.Delete(Path.Combine(tree, part), recursive: true);
    Directory.CreateDirectory(tree);
    foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json", "BannedSymbols.txt", ".editorconfig", "tests/Directory.Build.props" })
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(tree, file))!);
        File.Copy(Path.Combine(root, file), Path.Combine(tree, file), overwrite: true);
    }

    foreach (var folder in new[] { "src", "tests/Testing", "tests/ControlPlane.Tests" })
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(tree, Path.GetRelativePath(root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to, overwrite: true);
        }
    }
}

static string Root()
{
    var folder = new DirectoryInfo(Environment.CurrentDirectory);
    while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln"))) folder = folder.Parent;
    return folder?.FullName ?? throw new InvalidOperationException("run this inside the repository");
}

static int Fail(string why)
{
    Console.Error.WriteLine(why);
    return 2;
}
