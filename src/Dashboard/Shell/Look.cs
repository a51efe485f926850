using MudBlazor;

namespace Orchestrator.Dashboard.Shell;

/// <summary>Colours and letters. Each text has a contrast of 4.5 to 1 or more on its ground; a test measures it.</summary>
internal static class Look
{
    private static readonly string[] Letters = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#1756a9", PrimaryContrastText = "#ffffff", Secondary = "#6b3fa0", Tertiary = "#0b6b6b",
            AppbarBackground = "#16324f", AppbarText = "#ffffff",
            Background = "#f4f6f9", Surface = "#ffffff", DrawerBackground = "#ffffff", DrawerText = "#26323f", DrawerIcon = "#45525f",
            TextPrimary = "#17202a", TextSecondary = "#4a5662", TextDisabled = "#5d6873", ActionDefault = "#45525f",
            ActionDisabled = "#5d6873", LinesDefault = "#d4dbe3", LinesInputs = "#6b7784", TableLines = "#dde3ea", Divider = "#d4dbe3",
            Success = "#1c6b33", Warning = "#8a4b00", Error = "#b3261e", Info = "#1756a9",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#8ab8f5", PrimaryContrastText = "#0b1622", Secondary = "#c9a7f0", Tertiary = "#7fd1cf",
            AppbarBackground = "#0d1b2a", AppbarText = "#e8eef5",
            Background = "#101820", Surface = "#18222d", DrawerBackground = "#141d27", DrawerText = "#d9e1ea", DrawerIcon = "#b7c3cf",
            TextPrimary = "#e8eef5", TextSecondary = "#b3bfcb", TextDisabled = "#93a0ad", ActionDefault = "#b7c3cf",
            ActionDisabled = "#93a0ad", LinesDefault = "#2c3a48", LinesInputs = "#8493a2", TableLines = "#2c3a48", Divider = "#2c3a48",
            Success = "#7fd69a", SuccessContrastText = "#0b1622", Warning = "#f2b866", WarningContrastText = "#0b1622",
            Error = "#ff9c94", ErrorContrastText = "#0b1622", Info = "#8ab8f5", InfoContrastText = "#0b1622",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Letters },
            Button = new ButtonTypography { FontFamily = Letters, TextTransform = "none" },
        },
    };
}
