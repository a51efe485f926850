using System.Globalization;

namespace Orchestrator.ControlPlane.Placement;

/// <summary>What one more instance on a worker would cost, in points and part by part; the lowest total is chosen.</summary>
/// <param name="Total">The sum that decides.</param>
/// <param name="Here">Instances of the service that are there already.</param>
/// <param name="Load">How full the worker is, 0 to 1: half live use of CPU and memory, half reservations, with what is on its way.</param>
/// <param name="Preference">Sum of the weights of the preferences that hold.</param>
/// <param name="HasImage">The image is present.</param>
/// <param name="Failing">Slots of the service that failed there again and again lately.</param>
internal readonly record struct Score(double Total, int Here, double Load, int Preference, bool HasImage, int Failing)
{
    /// <summary>
    /// One instance of the service weighs more than any difference in load; a preference of weight 100 outweighs one instance.
    /// </summary>
    public const double PerInstance = 100;

    public const double PerLoad = 60;
    public const double PerFullness = 100;
    public const double Image = 2;
    public const double PerFailure = 150;

    public override string ToString()
    {
        var preference = Preference != 0 ? string.Create(CultureInfo.InvariantCulture, $", preference {Preference}") : "";
        var image = HasImage ? ", has the image" : "";
        var failing = Failing > 0 ? $", {Failing} failing there" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Here} here, load {Load:0.00}{preference}{image}{failing}");
    }
}
