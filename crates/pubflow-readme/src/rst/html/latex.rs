//! Formulas are written for LaTeX: characters outside of ASCII become its commands.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// Letters of mathematical alphabets by the command that chooses the alphabet.
const ALPHABETS: &[(&str, &str)] = &[
    (
        "\\mathbf",
        "𝐀𝐁𝐂𝐃𝐄𝐅𝐆𝐇𝐈𝐉𝐊𝐋𝐌𝐍𝐎𝐏𝐐𝐑𝐒𝐓𝐔𝐕𝐖𝐗𝐘𝐙𝐚𝐛𝐜𝐝𝐞𝐟𝐠𝐡𝐢𝐣𝐤𝐥𝐦𝐧\
         𝐨𝐩𝐪𝐫𝐬𝐭𝐮𝐯𝐰𝐱𝐲𝐳𝚪𝚫𝚯𝚲𝚵𝚷𝚺𝚼𝚽𝚿𝛀𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    ),
    (
        "",
        "𝐴𝐵𝐶𝐷𝐸𝐹𝐺𝐻𝐼𝐽𝐾𝐿𝑀𝑁𝑂𝑃𝑄𝑅𝑆𝑇𝑈𝑉𝑊𝑋𝑌𝑍𝑎𝑏𝑐𝑑𝑒𝑓𝑔𝑖𝑗𝑘𝑙𝑚𝑛𝑜\
         𝑝𝑞𝑟𝑠𝑡𝑢𝑣𝑤𝑥𝑦𝑧𝚤𝚥𝛼𝛽𝛾𝛿𝜀𝜁𝜂𝜃𝜄𝜅𝜆𝜇𝜈𝜉𝜋𝜌𝜍𝜎𝜏𝜐𝜑𝜒𝜓𝜔𝜕",
    ),
    ("\\mathcal", "𝒜𝒞𝒟𝒢𝒥𝒦𝒩𝒪𝒫𝒬𝒮𝒯𝒰𝒱𝒲𝒳𝒴𝒵"),
    (
        "\\mathfrak",
        "𝔄𝔅𝔇𝔈𝔉𝔊𝔍𝔎𝔏𝔐𝔑𝔒𝔓𝔔𝔖𝔗𝔘𝔙𝔚𝔛𝔜𝔞𝔟𝔠𝔡𝔢𝔣𝔤𝔥𝔦𝔧𝔨𝔩𝔪𝔫𝔬𝔭𝔮𝔯𝔰\
         𝔱𝔲𝔳𝔴𝔵𝔶𝔷",
    ),
    ("\\mathbb", "𝔸𝔹𝔻𝔼𝔽𝔾𝕀𝕁𝕂𝕃𝕄𝕆𝕊𝕋𝕌𝕍𝕎𝕏𝕐"),
    (
        "\\mathsf",
        "𝖠𝖡𝖢𝖣𝖤𝖥𝖦𝖧𝖨𝖩𝖪𝖫𝖬𝖭𝖮𝖯𝖰𝖱𝖲𝖳𝖴𝖵𝖶𝖷𝖸𝖹𝖺𝖻𝖼𝖽𝖾𝖿𝗀𝗁𝗂𝗃𝗄𝗅𝗆𝗇\
         𝗈𝗉𝗊𝗋𝗌𝗍𝗎𝗏𝗐𝗑𝗒𝗓𝟢𝟣𝟤𝟥𝟦𝟧𝟨𝟩𝟪𝟫",
    ),
    (
        "\\mathtt",
        "𝙰𝙱𝙲𝙳𝙴𝙵𝙶𝙷𝙸𝙹𝙺𝙻𝙼𝙽𝙾𝙿𝚀𝚁𝚂𝚃𝚄𝚅𝚆𝚇𝚈𝚉𝚊𝚋𝚌𝚍𝚎𝚏𝚐𝚑𝚒𝚓𝚔𝚕𝚖𝚗\
         𝚘𝚙𝚚𝚛𝚜𝚝𝚞𝚟𝚠𝚡𝚢𝚣𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿",
    ),
    ("\\mathit", "𝛤𝛥𝛩𝛬𝛯𝛱𝛴𝛶𝛷𝛹𝛺"),
];

/// Other characters, each followed by its command.
const COMMANDS: &str = r"
£ \pounds ¥ \yen § \S ¬ \neg ± \pm ¶ \P × \times ð \eth ÷ \div ı \imath ȷ \jmath Γ \Gamma
Δ \Delta Θ \Theta Λ \Lambda Ξ \Xi Π \Pi Σ \Sigma Υ \Upsilon Φ \Phi Ψ \Psi Ω \Omega
α \alpha β \beta γ \gamma δ \delta ε \varepsilon ζ \zeta η \eta θ \theta ι \iota κ \kappa
λ \lambda μ \mu ν \nu ξ \xi π \pi ρ \rho ς \varsigma σ \sigma τ \tau υ \upsilon φ \varphi
χ \chi ψ \psi ω \omega ϑ \vartheta ϕ \phi ϖ \varpi ϝ \digamma ϰ \varkappa ϱ \varrho
ϵ \epsilon ϶ \backepsilon   \quad   \quad   \, ‖ \| † \dagger ‡ \ddagger • \bullet
… \ldots ′ \prime ‵ \backprime   \: ℂ \mathbb{C} ℋ \mathcal{H} ℌ \mathfrak{H} ℍ \mathbb{H}
ℏ \hslash ℐ \mathcal{I} ℑ \Im ℒ \mathcal{L} ℓ \ell ℕ \mathbb{N} ℘ \wp ℙ \mathbb{P}
ℚ \mathbb{Q} ℛ \mathcal{R} ℜ \Re ℝ \mathbb{R} ℤ \mathbb{Z} ℧ \mho ℨ \mathfrak{Z}
ℬ \mathcal{B} ℭ \mathfrak{C} ℰ \mathcal{E} ℱ \mathcal{F} Ⅎ \Finv ℳ \mathcal{M} ℵ \aleph
ℶ \beth ℷ \gimel ℸ \daleth ← \leftarrow ↑ \uparrow → \rightarrow ↓ \downarrow
↔ \leftrightarrow ↕ \updownarrow ↖ \nwarrow ↗ \nearrow ↘ \searrow ↙ \swarrow ↚ \nleftarrow
↛ \nrightarrow ↞ \twoheadleftarrow ↠ \twoheadrightarrow ↢ \leftarrowtail ↣ \rightarrowtail
↦ \mapsto ↩ \hookleftarrow ↪ \hookrightarrow ↫ \looparrowleft ↬ \looparrowright
↭ \leftrightsquigarrow ↮ \nleftrightarrow ↰ \Lsh ↱ \Rsh ↶ \curvearrowleft
↷ \curvearrowright ↺ \circlearrowleft ↻ \circlearrowright ↼ \leftharpoonup
↽ \leftharpoondown ↾ \upharpoonright ↿ \upharpoonleft ⇀ \rightharpoonup
⇁ \rightharpoondown ⇂ \downharpoonright ⇃ \downharpoonleft ⇄ \rightleftarrows
⇆ \leftrightarrows ⇇ \leftleftarrows ⇈ \upuparrows ⇉ \rightrightarrows ⇊ \downdownarrows
⇋ \leftrightharpoons ⇌ \rightleftharpoons ⇍ \nLeftarrow ⇎ \nLeftrightarrow ⇏ \nRightarrow
⇐ \Leftarrow ⇑ \Uparrow ⇒ \Rightarrow ⇓ \Downarrow ⇔ \Leftrightarrow ⇕ \Updownarrow
⇚ \Lleftarrow ⇛ \Rrightarrow ⇝ \rightsquigarrow ⇠ \dashleftarrow ⇢ \dashrightarrow
∀ \forall ∁ \complement ∂ \partial ∃ \exists ∄ \nexists ∅ \emptyset ∇ \nabla ∈ \in
∉ \notin ∋ \ni ∏ \prod ∐ \coprod ∑ \sum − - ∓ \mp ∔ \dotplus ∕ \slash ∖ \smallsetminus
∗ \ast ∘ \circ ∙ \bullet √ \surd ∛ \sqrt[3] ∜ \sqrt[4] ∝ \propto ∞ \infty ∠ \angle
∡ \measuredangle ∢ \sphericalangle ∣ \mid ∤ \nmid ∥ \parallel ∦ \nparallel ∧ \wedge ∨ \vee
∩ \cap ∪ \cup ∫ \int ∬ \iint ∭ \iiint ∮ \oint ∴ \therefore ∵ \because ∶ : ∼ \sim
∽ \backsim ≀ \wr ≁ \nsim ≂ \eqsim ≃ \simeq ≅ \cong ≇ \ncong ≈ \approx ≊ \approxeq ≍ \asymp
≎ \Bumpeq ≏ \bumpeq ≐ \doteq ≑ \Doteq ≒ \fallingdotseq ≓ \risingdotseq ≖ \eqcirc ≗ \circeq
≜ \triangleq ≠ \neq ≡ \equiv ≤ \leq ≥ \geq ≦ \leqq ≧ \geqq ≨ \lneqq ≩ \gneqq ≪ \ll ≫ \gg
≬ \between ≮ \nless ≯ \ngtr ≰ \nleq ≱ \ngeq ≲ \lesssim ≳ \gtrsim ≶ \lessgtr ≷ \gtrless
≺ \prec ≻ \succ ≼ \preccurlyeq ≽ \succcurlyeq ≾ \precsim ≿ \succsim ⊀ \nprec ⊁ \nsucc
⊂ \subset ⊃ \supset ⊆ \subseteq ⊇ \supseteq ⊈ \nsubseteq ⊉ \nsupseteq ⊊ \subsetneq
⊋ \supsetneq ⊎ \uplus ⊏ \sqsubset ⊐ \sqsupset ⊑ \sqsubseteq ⊒ \sqsupseteq ⊓ \sqcap
⊔ \sqcup ⊕ \oplus ⊖ \ominus ⊗ \otimes ⊘ \oslash ⊙ \odot ⊚ \circledcirc ⊛ \circledast
⊝ \circleddash ⊞ \boxplus ⊟ \boxminus ⊠ \boxtimes ⊡ \boxdot ⊢ \vdash ⊣ \dashv ⊤ \top
⊥ \bot ⊧ \models ⊨ \vDash ⊩ \Vdash ⊪ \Vvdash ⊬ \nvdash ⊭ \nvDash ⊮ \nVdash ⊯ \nVDash
⊲ \vartriangleleft ⊳ \vartriangleright ⊴ \trianglelefteq ⊵ \trianglerighteq ⊸ \multimap
⊺ \intercal ⊻ \veebar ⊼ \barwedge ⋀ \bigwedge ⋁ \bigvee ⋂ \bigcap ⋃ \bigcup ⋄ \diamond
⋅ \cdot ⋆ \star ⋇ \divideontimes ⋈ \bowtie ⋉ \ltimes ⋊ \rtimes ⋋ \leftthreetimes
⋌ \rightthreetimes ⋍ \backsimeq ⋎ \curlyvee ⋏ \curlywedge ⋐ \Subset ⋑ \Supset ⋒ \Cap
⋓ \Cup ⋔ \pitchfork ⋖ \lessdot ⋗ \gtrdot ⋘ \lll ⋙ \ggg ⋚ \lesseqgtr ⋛ \gtreqless
⋞ \curlyeqprec ⋟ \curlyeqsucc ⋠ \npreceq ⋡ \nsucceq ⋦ \lnsim ⋧ \gnsim ⋨ \precnsim
⋩ \succnsim ⋪ \ntriangleleft ⋫ \ntriangleright ⋬ \ntrianglelefteq ⋭ \ntrianglerighteq
⋮ \vdots ⋯ \cdots ⋱ \ddots ⌈ \lceil ⌉ \rceil ⌊ \lfloor ⌋ \rfloor ⌜ \ulcorner ⌝ \urcorner
⌞ \llcorner ⌟ \lrcorner ⌢ \frown ⌣ \smile ⎪ \bracevert ⎰ \lmoustache ⎱ \rmoustache
⏐ \arrowvert ⏞ \overbrace ⏟ \underbrace Ⓡ \circledR Ⓢ \circledS ▲ \blacktriangle
△ \bigtriangleup ▷ \triangleright ▼ \blacktriangledown ▽ \bigtriangledown ◁ \triangleleft
◇ \Diamond ◊ \lozenge ◯ \bigcirc ◻ \square ◼ \blacksquare ★ \bigstar ♠ \spadesuit
♡ \heartsuit ♢ \diamondsuit ♣ \clubsuit ♭ \flat ♮ \natural ♯ \sharp ✓ \checkmark
✠ \maltese ⟂ \perp ⟋ \diagup ⟍ \diagdown ⟨ \langle ⟩ \rangle ⟮ \lgroup ⟯ \rgroup
⟵ \longleftarrow ⟶ \longrightarrow ⟷ \longleftrightarrow ⟸ \Longleftarrow
⟹ \Longrightarrow ⟺ \Longleftrightarrow ⟼ \longmapsto ⧫ \blacklozenge ⧵ \setminus
⨀ \bigodot ⨁ \bigoplus ⨂ \bigotimes ⨄ \biguplus ⨆ \bigsqcup ⨌ \iiiint ⨿ \amalg
⩞ \doublebarwedge ⩽ \leqslant ⩾ \geqslant ⪅ \lessapprox ⪆ \gtrapprox ⪇ \lneq ⪈ \gneq
⪉ \lnapprox ⪊ \gnapprox ⪋ \lesseqqgtr ⪌ \gtreqqless ⪕ \eqslantless ⪖ \eqslantgtr ⪯ \preceq
⪰ \succeq ⪵ \precneqq ⪶ \succneqq ⪷ \precapprox ⪸ \succapprox ⪹ \precnapprox
⪺ \succnapprox ⫅ \subseteqq ⫆ \supseteqq ⫋ \subsetneqq ⫌ \supsetneqq ⬜ \Box 𝕜 \Bbbk
𝜖 \epsilon 𝜗 \vartheta 𝜘 \varkappa 𝜙 \phi 𝜚 \varrho 𝜛 \varpi
";

static TABLE: LazyLock<HashMap<char, String>> = LazyLock::new(|| {
    let mut table = HashMap::from([('\u{a0}', "~".to_owned())]);
    let mut tokens = COMMANDS.split_ascii_whitespace();
    while let (Some(character), Some(command)) = (tokens.next(), tokens.next()) {
        // A word needs something that ends it.
        let is_word = command.starts_with('\\') && !command.ends_with('}');
        let end = if is_word { " " } else { "" };
        table.extend(character.chars().map(|c| (c, format!("{command}{end}"))));
    }
    for (alphabet, letters) in ALPHABETS {
        for c in letters.chars() {
            let plain: String = [c].into_iter().nfkc().collect();
            let known = plain
                .chars()
                .next()
                .and_then(|c| table.get(&c))
                .unwrap_or(&plain);
            let command = match *alphabet {
                "" => known.clone(),
                alphabet => format!("{alphabet}{{{}}}", known.trim_end()),
            };
            table.insert(c, command);
        }
    }
    table
});

/// A formula in characters that every LaTeX knows.
pub(super) fn to_latex(formula: &str) -> String {
    if formula.is_ascii() {
        return formula.to_owned();
    }
    let mut out = String::with_capacity(formula.len() + 16);
    for c in formula.chars() {
        match TABLE.get(&c).filter(|_| !c.is_ascii()) {
            Some(command) => out.push_str(command),
            None => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::to_latex;

    #[test]
    fn characters_become_commands() {
        assert_eq!(
            to_latex("\u{3b1}_t \u{2208} \u{211d}"),
            r"\alpha _t \in  \mathbb{R}"
        );
        assert_eq!(
            to_latex("\u{1d400}\u{1d44e}\u{1d6fc}\u{1d6e4}"),
            r"\mathbf{A}a\alpha \mathit{\Gamma}"
        );
        assert_eq!(to_latex("a\u{a0}\u{e9}\u{2212}"), "a~\u{e9}-");
    }
}
