using System.CommandLine;
using Orchestrator.Cli.Output;
using Orchestrator.Compose;
using Orchestrator.Compose.Answers;
using Orchestrator.Compose.Questions;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Commands.Stacks;

/// <summary>Which compose files are meant, and how they are read.</summary>
internal sealed class ComposeOptions
{
    private const string Input = "-";

    private readonly Option<string[]> files = new("--file", "-f")
    {
        Description = "A compose file, again for each one that is merged over those before; - reads standard input", HelpName = "file",
    };

    private readonly Option<string?> name = new("--name")
    {
        Description = "Of the stack, in place of what the files say", HelpName = "name",
    };

    private readonly Option<string[]> profiles = new("--profile")
    {
        Description = "A profile that is active, again for each; * is all [COMPOSE_PROFILES]", HelpName = "profile",
    };

    private readonly Option<string[]> envFiles = new("--env-file")
    {
        Description = "A file with variables in place of .env, again for each", HelpName = "file",
    };

    private readonly Option<bool> strict = new("--strict") { Description = "Refuse what cannot be done as it is written" };

    public Option[] All => [files, name, profiles, envFiles, strict];

    /// <summary>What the files come to, with all that there is to say of them.</summary>
    /// <exception cref="CliException">There are problems, which are said already.</exception>
    public Composed Read(Session session)
    {
        var composed = Orchestrator.Compose.ComposeFiles.Translate(
            new ComposeRequest
            {
                Files = (session.Get(files) ?? []).ToValueList(), Name = session.Get(name),
                Profiles = (session.Get(profiles) ?? []).ToValueList(),
                EnvFiles = (session.Get(envFiles) ?? []).ToValueList(), Folder = Environment.CurrentDirectory, Strict = session.Get(strict),
            },
            new Disk(session.Around));
        if (composed.Stack is not null)
        {
            foreach (var remark in composed.Remarks) session.Error.Line($"{session.Error.Paint(Word(remark), Tone.Busy)} {remark}");
            return composed;
        }

        foreach (var problem in composed.Problems) session.Error.Line($"{problem}");
        throw CliException.Usage(
            $"{Words.Count(composed.Problems.Count, "problem")}, and nothing was done", "what happens to each field is told in docs/compose.md");
    }

    private static string Word(Remark remark) => remark.Kind == RemarkKind.Instead ? "instead:" : "note:";

    private sealed class Disk(Surroundings around) : ISurroundings
    {
        private byte[]? input;

        public byte[]? Read(string path)
        {
            if (path == Input) return input ??= System.Text.Encoding.UTF8.GetBytes(around.In.ReadToEnd());
            try
            {
                return File.Exists(path) ? File.ReadAllBytes(path) : null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw CliException.Usage($"{path} cannot be read: {e.Message}");
            }
        }

        public string? Variable(string name) => around.Variable(name);
    }
}
