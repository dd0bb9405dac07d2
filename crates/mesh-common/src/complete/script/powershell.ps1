# Completes PROGRAM in PowerShell. Load it with: TYPED completion powershell | Out-String | Invoke-Expression
# `TYPED <TAB>` is completed by kubectl, once a helper is there: TYPED completion install

Register-ArgumentCompleter -Native -CommandName 'PROGRAM', 'PROGRAM.exe' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { $_.Extent.Text })
    $program = $words[0]
    $before = @($words | Select-Object -Skip 1)
    $had = $env:COMPLETE
    $env:COMPLETE = 'powershell'
    try {
        # A native program is not handed an empty word: the = before it is taken off again.
        $answer = @(& $program '--' @before "=$wordToComplete" 2>$null)
    } finally {
        $env:COMPLETE = $had
    }
    $answer | Where-Object { $_ -notmatch '^:\d+$' } | ForEach-Object {
        $value, $about = $_ -split "`t", 2
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
    }
}
