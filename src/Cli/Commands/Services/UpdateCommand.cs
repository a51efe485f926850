using System.CommandLine;
using System.Text.Json.Nodes;
using Orchestrator.Cli.Orders;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Cli.Commands.Services;

internal static class UpdateCommand
{
    public static Command Of(Shell shell)
    {
        var name = shell.Service();
        var image = new Option<string?>("--image") { Description = "Another image", HelpName = "image" };
        var without = new Option<string[]>("--env-rm") { Description = "A variable to take away", HelpName = "name" };
        var unlabelled = new Option<string[]>("--label-rm") { Description = "A label to take away", HelpName = "key" };
        var spec = new SpecOptions(shell);
        var change = new ChangeOptions();
        return shell.Verb(
            "update", "Change a service; what is not given stays", [name, image, without, unlabelled, .. spec.All, .. change.All],
            (session, cancel) =>
            {
                var fields = spec.Fields(session, isNew: false);
                if (session.Get(image) is { } given) fields["image"] = given;
                TakeAway(fields, "env", session.Get(without));
                TakeAway(fields, "labels", session.Get(unlabelled));
                if (fields.Count == 0) throw CliException.Usage("nothing to change is given", "orc update web --image web:2");
                var service = session.Get(name);
                return Changing.Of(session, service, new UpdateService(fields), change, it =>
                    $"{service}: revision {it.Revision} is wanted", cancel);
            });
    }

    private static void TakeAway(JsonObject fields, string map, string[]? names)
    {
        if (names is not { Length: > 0 }) return;
        if (fields[map] is not JsonObject there) fields[map] = there = [];
        foreach (var name in names) there[name] = null;
    }
}
