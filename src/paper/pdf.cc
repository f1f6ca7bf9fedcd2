#include "paper/pdf.h"

#include <array>
#include <cmath>
#include <vector>

#include <fmt/core.h>
#include <hpdf.h>

namespace paper {
namespace {

constexpr double pt_per_mm = 72 / 25.4;
constexpr double squeeze_min = 2.0 / 3;
constexpr float watermark_grey = 0.86f;

float pt(double mm) { return static_cast<float>(mm * pt_per_mm); }
// From the bottom of the page, as PDF counts.
float up(double y_mm) { return pt(a4_height_mm - y_mm); }

// Latin-1, which the fonts of every PDF reader have; '?' for what is beyond it.
std::string latin1(std::string_view utf8) {
  std::string text;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    const bool is_pair = (byte == 0xc2 || byte == 0xc3) && i + 1 < utf8.size();
    if (byte >= 0x20 && byte < 0x7f) {
      text += static_cast<char>(byte);
    } else if (is_pair) {
      text += static_cast<char>((byte & 3) << 6 | (static_cast<unsigned char>(utf8[++i]) & 0x3f));
    } else if ((byte & 0xc0) != 0x80) {
      text += '?';
    }
  }
  return text;
}

}  // namespace

struct Pdf::Parts {
  HPDF_Doc doc = nullptr;
  HPDF_Page page = nullptr;
  std::vector<HPDF_Page> pages;
  std::array<HPDF_Font, 3> fonts{};
  HPDF_STATUS failed = HPDF_OK;

  static void on_error(HPDF_STATUS error, HPDF_STATUS, void* parts) {
    auto& failed = static_cast<Parts*>(parts)->failed;
    if (failed == HPDF_OK) failed = error;
  }

  bool good() const { return failed == HPDF_OK && page != nullptr; }

  HPDF_Font font(Font it) const { return fonts[static_cast<std::size_t>(it)]; }

  void use(Font it, double size_pt) {
    HPDF_Page_SetFontAndSize(page, font(it), static_cast<float>(size_pt));
  }

  void draw(Spot at, const std::string& text) {
    HPDF_Page_BeginText(page);
    HPDF_Page_TextOut(page, pt(at.x_mm), up(at.y_mm), text.c_str());
    HPDF_Page_EndText(page);
  }

  double width_mm(const std::string& text) {
    return HPDF_Page_TextWidth(page, text.c_str()) / pt_per_mm;
  }
};

Pdf::Pdf(std::string_view title) : parts_(std::make_unique<Parts>()) {
  Parts& parts = *parts_;
  parts.doc = HPDF_New(Parts::on_error, &parts);
  if (parts.doc == nullptr) {
    parts.failed = HPDF_FAILD_TO_ALLOC_MEM;
    return;
  }
  HPDF_SetCompressionMode(parts.doc, HPDF_COMP_TEXT);
  HPDF_SetInfoAttr(parts.doc, HPDF_INFO_TITLE, latin1(title).c_str());
  constexpr std::array names{"Helvetica", "Helvetica-Bold", "Courier-Bold"};
  for (std::size_t i = 0; i < names.size(); ++i)
    parts.fonts[i] = HPDF_GetFont(parts.doc, names[i], "WinAnsiEncoding");
}

Pdf::~Pdf() {
  if (parts_->doc != nullptr) HPDF_Free(parts_->doc);
}

void Pdf::begin_page() {
  if (parts_->failed != HPDF_OK) return;
  parts_->page = HPDF_AddPage(parts_->doc);
  if (!parts_->good()) return;
  HPDF_Page_SetSize(parts_->page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
  parts_->pages.push_back(parts_->page);
}

std::size_t Pdf::page_count() const { return parts_->pages.size(); }

void Pdf::go_to_page(std::size_t page) { parts_->page = parts_->pages[page]; }

void Pdf::text(Spot at, Font font, double size_pt, std::string_view text) {
  if (!parts_->good()) return;
  parts_->use(font, size_pt);
  parts_->draw(at, latin1(text));
}

void Pdf::text_to(Spot end, Font font, double size_pt, std::string_view text) {
  if (!parts_->good()) return;
  const std::string drawn = latin1(text);
  parts_->use(font, size_pt);
  parts_->draw({end.x_mm - parts_->width_mm(drawn), end.y_mm}, drawn);
}

void Pdf::text_within(Spot at, double width_mm, Font font, double size_pt, std::string_view text) {
  if (!parts_->good()) return;
  std::string drawn = latin1(text);
  parts_->use(font, size_pt);
  while (!drawn.empty() && parts_->width_mm(drawn) * squeeze_min > width_mm) drawn.pop_back();
  const double squeeze = std::min(1.0, width_mm / std::max(1e-3, parts_->width_mm(drawn)));
  HPDF_Page_SetHorizontalScalling(parts_->page, static_cast<float>(100 * squeeze));
  parts_->draw(at, drawn);
  HPDF_Page_SetHorizontalScalling(parts_->page, 100);
}

void Pdf::watermark(std::string_view text) {
  if (!parts_->good()) return;
  constexpr double size_pt = 110, angle = 0.95;  // radians, about the page's diagonal
  HPDF_Page page = parts_->page;
  const std::string drawn = latin1(text);
  HPDF_Page_GSave(page);
  HPDF_Page_SetGrayFill(page, watermark_grey);
  parts_->use(Font::bold, size_pt);
  const double half_mm = parts_->width_mm(drawn) / 2;
  const auto sin = static_cast<float>(std::sin(angle)), cos = static_cast<float>(std::cos(angle));
  HPDF_Page_BeginText(page);
  HPDF_Page_SetTextMatrix(page, cos, sin, -sin, cos, pt(a4_width_mm / 2 + 12 - half_mm * cos),
                          pt(a4_height_mm / 2 - half_mm * sin));
  HPDF_Page_ShowText(page, drawn.c_str());
  HPDF_Page_EndText(page);
  HPDF_Page_GRestore(page);
}

void Pdf::line(Spot from, Spot to, double width_mm) {
  if (!parts_->good()) return;
  HPDF_Page_SetLineWidth(parts_->page, pt(width_mm));
  HPDF_Page_MoveTo(parts_->page, pt(from.x_mm), up(from.y_mm));
  HPDF_Page_LineTo(parts_->page, pt(to.x_mm), up(to.y_mm));
  HPDF_Page_Stroke(parts_->page);
}

void Pdf::box(Spot corner, double width_mm, double height_mm, double line_mm) {
  if (!parts_->good()) return;
  HPDF_Page_SetLineWidth(parts_->page, pt(line_mm));
  HPDF_Page_Rectangle(parts_->page, pt(corner.x_mm), up(corner.y_mm + height_mm), pt(width_mm),
                      pt(height_mm));
  HPDF_Page_Stroke(parts_->page);
}

void Pdf::banner(Spot corner, double width_mm, double height_mm, double size_pt,
                 std::string_view text) {
  if (!parts_->good()) return;
  HPDF_Page page = parts_->page;
  const std::string drawn = latin1(text);
  HPDF_Page_Rectangle(page, pt(corner.x_mm), up(corner.y_mm + height_mm), pt(width_mm),
                      pt(height_mm));
  HPDF_Page_Fill(page);
  HPDF_Page_SetGrayFill(page, 1);
  parts_->use(Font::bold, size_pt);
  const double letter_mm = 0.72 * size_pt / pt_per_mm;  // the height of a capital
  parts_->draw({corner.x_mm + (width_mm - parts_->width_mm(drawn)) / 2,
                corner.y_mm + (height_mm + letter_mm) / 2},
               drawn);
  HPDF_Page_SetGrayFill(page, 0);
}

void Pdf::qr(Spot corner, double size_mm, const QrCode& code) {
  if (!parts_->good()) return;
  HPDF_Page page = parts_->page;
  HPDF_Page_SetGrayFill(page, 1);
  HPDF_Page_Rectangle(page, pt(corner.x_mm), up(corner.y_mm + size_mm), pt(size_mm), pt(size_mm));
  HPDF_Page_Fill(page);
  HPDF_Page_SetGrayFill(page, 0);
  const double square_mm = size_mm / static_cast<double>(code.width + 2 * qr_quiet_squares);
  const auto mm_of = [&](std::size_t squares) {
    return static_cast<double>(squares + qr_quiet_squares) * square_mm;
  };
  for (std::size_t row = 0; row < code.width; ++row)
    for (std::size_t begin = 0, end = 0; begin < code.width; begin = end + 1) {
      const auto is_dark = [&](std::size_t at) {
        return at < code.width && code.dark[row * code.width + at];
      };
      for (end = begin; is_dark(end);) ++end;
      // A run of dark squares is one rectangle.
      if (end > begin)
        HPDF_Page_Rectangle(page, pt(corner.x_mm + mm_of(begin)), up(corner.y_mm + mm_of(row + 1)),
                            pt(mm_of(end) - mm_of(begin)), pt(square_mm));
    }
  HPDF_Page_Fill(page);
}

base::Result<std::string> Pdf::bytes() {
  Parts& parts = *parts_;
  std::string bytes;
  if (parts.failed == HPDF_OK) HPDF_SaveToStream(parts.doc);
  if (parts.failed == HPDF_OK) {
    HPDF_UINT32 size = HPDF_GetStreamSize(parts.doc);
    bytes.resize(size);
    HPDF_ResetStream(parts.doc);
    HPDF_ReadFromStream(parts.doc, reinterpret_cast<HPDF_BYTE*>(bytes.data()), &size);
    bytes.resize(size);
  }
  if (parts.failed != HPDF_OK)
    return base::fail(
        base::ErrorCode::io_failed,
        fmt::format("the PDF could not be made: libharu's error 0x{:x}", parts.failed));
  return bytes;
}

}  // namespace paper
