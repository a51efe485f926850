using System.CommandLine;
using System.Text.Json.Nodes;
using Orchestrator.Cli.Orders;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Cli.Commands.Services;

internal static class RunCommand
{
    public static Command Of(Shell shell)
    {
        var image = new Argument<string?>("image") { Description = "The image, such as nginx:1.27", Arity = ArgumentArity.ZeroOrOne };
        var command = new Argument<string[]>("command")
        {
            Description = "In place of the image's own command; after -- it may have options", Arity = ArgumentArity.ZeroOrMore,
        };
        var name = new Option<string?>("--name") { Description = "Of the service; that of the image by default", HelpName = "name" };
        var spec = new SpecOptions(shell);
        var change = new ChangeOptions();
        return shell.Verb("run", "Create a service of an image", [image, command, name, .. spec.All, .. change.All], (session, cancel) =>
        {
            var fields = spec.Fields(session, isNew: true);
            if (session.Get(image) is { } given) fields["image"] = given;
            if (session.Get(command) is { Length: > 0 } words) fields["command"] = new JsonArray([.. words.Select(it => JsonValue.Create(it))]);
            if (fields["image"] is not JsonValue value) throw CliException.Usage("no image is given", "orc run nginx --name web -p 80");
            var service = session.Get(name) ?? NameOf($"{value}");
            return Changing.Of(
                session, service, new CreateService(SpecOptions.Spec(fields)), change,
                Said, cancel);
        });
    }

    private static string Said(ServiceView it) => it.Job is { } job ? $"{it.Name}: created, {job.Progress}"
        : $"{it.Name}: created, {Output.Words.Count(it.Spec.Instances, "instance")} of {it.Spec.Container.Image} wanted";

    /// <summary>Of <c>registry.example.com/team/web:1.2</c>: web.</summary>
    private static string NameOf(string image)
    {
        var name = ImageReference.Parse(image).Repository.Split('/')[^1].ToLowerInvariant();
        return ServiceNames.Problem(name) is null ? name
            : throw CliException.Usage($"'{name}' cannot be the name of a service", "give one with --name");
    }
}
