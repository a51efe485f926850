using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Contracts;

namespace Orchestrator.Cli.Output;

/// <summary>Writes results in the form that was asked for.</summary>
internal sealed class Results(Writing to, Form form, Template? template)
{
    private static readonly JsonSerializerOptions Indented = new(ContractsJson.Options) { WriteIndented = true };

    public Form Form => form;

    /// <summary>Whether people read it, and not a program.</summary>
    public bool IsForPeople => form is Form.Table or Form.Wide;

    public Writing To => to;

    /// <summary>Many of a kind.</summary>
    /// <param name="whole">What JSON and YAML show; none shows the items.</param>
    /// <param name="none">Said to people when there are none.</param>
    public void List<T>(View<T> view, IReadOnlyList<T> items, object? whole = null, string? none = null)
    {
        switch (form)
        {
            case Form.Json or Form.Yaml:
                Node(whole ?? items);
                break;
            case Form.Name:
                foreach (var item in items) to.Line(view.Name(item));
                break;
            case Form.Template:
                foreach (var item in items) Templated(item);
                break;
            default:
                if (items.Count == 0 && none is not null) to.Line(none);
                else to.Table(view.Titles(form == Form.Wide), [.. items.Select(it => view.Row(it, form == Form.Wide))]);
                break;
        }
    }

    /// <summary>One thing.</summary>
    /// <param name="write">How people see it; also how wide.</param>
    public void One<T>(T item, string name, Action<Writing, bool> write) where T : notnull
    {
        switch (form)
        {
            case Form.Json or Form.Yaml:
                Node(item);
                break;
            case Form.Name:
                to.Line(name);
                break;
            case Form.Template:
                Templated(item);
                break;
            default:
                write(to, form == Form.Wide);
                break;
        }
    }

    /// <summary>One of many that come one after the other: a line each.</summary>
    public void Next<T>(T item, string name, Func<string> line) where T : notnull
    {
        switch (form)
        {
            case Form.Json:
                to.Line(JsonSerializer.Serialize(item, item.GetType(), ContractsJson.Options));
                break;
            case Form.Yaml:
                to.Line("---");
                Node(item);
                break;
            case Form.Name:
                to.Line(name);
                break;
            case Form.Template:
                Templated(item);
                break;
            default:
                to.Line(line());
                break;
        }
    }

    private void Templated<T>(T item) =>
        to.Line(template!.Of(JsonSerializer.SerializeToNode(item, item!.GetType(), ContractsJson.Options)));

    private void Node(object value)
    {
        var node = JsonSerializer.SerializeToNode(value, value.GetType(), ContractsJson.Options);
        if (form == Form.Yaml) to.Writer.Write(Yaml.Of(node));
        else to.Line(node?.ToJsonString(Indented) ?? "null");
    }
}
